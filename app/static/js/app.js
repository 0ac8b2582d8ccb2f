// Small kindnesses. Every page works without each of them.

// What has to be put right is the first thing to be read out.
const problem = () => document.querySelector('.notice.problem')

// After htmx has put the next page in: show its top, move the focus to its heading, and say its title.
function arrive(event) {
  const main = document.getElementById('main')
  if (event.detail.target.id !== 'main' || !main) return
  document.documentElement.dataset.moved = ''
  scrollTo(0, 0)
  const first = problem() ?? main.querySelector('h1') ?? main
  first.tabIndex = -1
  first.focus()
  document.getElementById('said').textContent = document.title
  arrived = event.timeStamp
  watchBoxes()
  awake()
}

// A tap that lands on the new page before anybody can have read it was meant for the page before.
const READ_AFTER = 400
let arrived = -READ_AFTER
const tooSoon = (event) => event.timeStamp - arrived < READ_AFTER && event.submitter?.closest('.dock')
function touched() {
  arrived = -READ_AFTER
}

// A minute before a quiet page closes it says so. The link's answer is empty: the page stays, and the server knows that somebody is
// there. The server may have last looked a minute before this page came, so two minutes are taken off.
const quiet = document.getElementById('quiet')
let closing
function later(hidden, seconds, next) {
  closing = setTimeout(() => { quiet.hidden = hidden; next?.() }, seconds * 1000)
}
function awake() {
  if (!quiet) return
  clearTimeout(closing)
  quiet.hidden = true
  later(false, quiet.dataset.idle - 120, () => later(true, 60))
}
quiet?.addEventListener('click', awake)
awake()

// A slow or lost line is said, calmly; nothing typed is gone.
const net = document.getElementById('net')
const SLOW_AFTER = 4000
let slow
function waiting() {
  answered() // what was said of the press before is over
  slow = setTimeout(() => tell(net.dataset.slow), SLOW_AFTER)
}
function answered() {
  clearTimeout(slow)
  net.hidden = true
}
function tell(words) {
  clearTimeout(slow)
  net.textContent = words
  net.hidden = false
}

// A second tap while the first is on its way, or just as its answer comes, does nothing.
function once(event) {
  const form = event.target
  if (form.dataset.busy || tooSoon(event)) {
    event.preventDefault()
    event.stopImmediatePropagation()
    return
  }
  form.dataset.busy = 'yes'
  event.submitter?.setAttribute('aria-disabled', 'true')
  waiting()
}
function again() {
  for (const form of document.querySelectorAll('form[data-busy]')) delete form.dataset.busy
  for (const button of document.querySelectorAll('button[aria-disabled]')) button.removeAttribute('aria-disabled')
}

// Says how much room is left in a long box, once little is left. Counts letters as a person sees them.
const letters = globalThis.Intl?.Segmenter && new Intl.Segmenter()
const count = (text) => (letters ? [...letters.segment(text)] : [...text]).length
const TELL_FROM = 200
function watchBoxes() {
  for (const line of document.querySelectorAll('[data-kept]')) {
    const box = document.getElementById(line.id.replace(/-kept$/, ''))
    const show = () => {
      const room = line.dataset.kept - (box.value.length > line.dataset.kept - TELL_FROM ? count(box.value) : 0)
      line.hidden = room > TELL_FROM
      const words = room < 0 ? line.dataset.over : line.dataset.left
      line.textContent = line.hidden ? '' : words.replace('{n}', Math.abs(room).toLocaleString(document.documentElement.lang))
    }
    box.addEventListener('input', show)
    show()
  }
}

// Escape closes the list of languages, or of rooms, and gives the focus back to its button.
function close(event) {
  const open = event.key === 'Escape' && document.querySelector('details:is(.langs, .more)[open]')
  if (!open) return
  open.open = false
  open.querySelector('summary').focus()
}

addEventListener('submit', once, true)
addEventListener('pageshow', () => { again(); answered() })
addEventListener('keydown', close)
addEventListener('htmx:afterRequest', (event) => {
  again()
  const { status } = event.detail.xhr
  if (status < 500 && status !== 413) answered()
})
addEventListener('htmx:sendError', () => tell(net.dataset.lost))
addEventListener('htmx:responseError', () => tell(net.dataset.broke))
addEventListener('input', touched)
addEventListener('htmx:afterSettle', arrive)
watchBoxes()
problem()?.focus()

// htmx comes only where a page has something for it, and after the first paint: on a slow line it would hold the style sheet up,
// and every form works without it. It begins by itself only in a page that is complete.
function bringHtmx() {
  if (!document.querySelector('[hx-get], [hx-post]')) return
  const htmx = document.createElement('script')
  htmx.src = document.querySelector('meta[name=after-paint]').content
  document.head.append(htmx)
}
if (document.readyState === 'complete') bringHtmx()
else addEventListener('load', bringHtmx)
