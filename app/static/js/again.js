// A tap that could not be sent says so beside its button and can be pressed again. It carries the key that the page gave it, so that
// the tap which did arrive, and whose answer was lost, is not recorded twice.
function show(event, hidden) {
  const line = event.detail.elt.closest?.('[data-again]')?.querySelector('.unsent')
  if (!line) return
  line.hidden = hidden
  if (!hidden) line.scrollIntoView({ block: 'nearest' })
}
addEventListener('htmx:beforeRequest', (event) => show(event, true))
addEventListener('htmx:sendError', (event) => show(event, false))
addEventListener('htmx:timeout', (event) => show(event, false))
addEventListener('htmx:responseError', (event) => show(event, false))
