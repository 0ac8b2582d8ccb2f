// Copies a text with one press. Without this file the button stays hidden, and the text can be marked and copied by hand.
async function copy(button) {
  const box = document.getElementById(button.dataset.copy)
  const said = document.getElementById(`${box.id}-said`)
  try {
    await navigator.clipboard.writeText(box.value)
    said.textContent = button.dataset.done
  } catch {
    // No clipboard here, or it was not allowed: mark the text, so that the keys do the rest.
    box.focus()
    box.select()
    said.textContent = button.dataset.marked
  }
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false
  button.addEventListener('click', () => copy(button))
}
