// Turns the cards of a meeting with the keyboard or a presenter's clicker. The links beside them do the same.
const rtl = document.documentElement.dir === 'rtl'
const turns = {
  ArrowRight: rtl ? 'prev' : 'next', ArrowLeft: rtl ? 'next' : 'prev',
  ArrowDown: 'next', ArrowUp: 'prev', PageDown: 'next', PageUp: 'prev',
}
const page = document.documentElement
const across = (key) => key === 'ArrowRight' || key === 'ArrowLeft'
// A card that does not fit, or is enlarged, is read to its end: then these keys move the page and not the cards.
const scrolls = (key) => across(key) ? page.scrollWidth > page.clientWidth : page.scrollHeight > page.clientHeight
addEventListener('keydown', (event) => {
  const rel = turns[event.key]
  if (!rel || event.altKey || event.ctrlKey || event.metaKey || event.target.closest('input, textarea, select, summary')) return
  const link = document.querySelector(`a[rel=${rel}]`)
  if (!link || scrolls(event.key)) return
  event.preventDefault()
  link.click()
})
