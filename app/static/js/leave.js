// Leave: hides the page at once and puts a neutral one in its place. Three presses of Shift do the same.
// Without this file the link still leaves, but the page stays in the browser's history.
const PRESSES = 3
const WITHIN = 3000
const link = document.querySelector('[data-leave]')

function leave(event) {
  event?.preventDefault()
  document.body.hidden = true
  document.title = ' '
  location.replace(link.href)
}

let presses = []
function press(event) {
  if (event.repeat) return
  const now = event.timeStamp
  presses = event.key === 'Shift' ? [...presses.filter((at) => now - at < WITHIN), now] : []
  if (presses.length >= PRESSES) leave()
}

if (link) {
  link.addEventListener('click', leave)
  addEventListener('keydown', press)
  // A page brought back from the browser's memory is asked for again: the session may have ended.
  addEventListener('pageshow', (event) => event.persisted && location.reload())
}
