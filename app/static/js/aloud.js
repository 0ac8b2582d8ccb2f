// Reads one passage of the page aloud when its button is pressed, with voices that live on this device and speak its language.
// A voice on the line would be sent the words, so it is never asked. Where a part has no such voice there is no button.
const speech = window.speechSynthesis
const made = document.querySelector('#aloud')
const first = document.querySelector('#aloud-first')
const scripts = { ar: /\p{Script=Arabic}/gu, fa: /\p{Script=Arabic}/gu, uk: /\p{Script=Cyrillic}/gu }
let playing = null

const tag = (voice) => voice.lang.replace('_', '-').toLowerCase()
const words = (part) => part.textContent.trim().replace(/\s+/g, ' ')
const voices = () => speech.getVoices().filter((voice) => voice.localService)

function voiceFor(part) {
  const wanted = part.dataset.say
  if (!wanted) return null
  const letters = words(part).match(/\p{L}/gu) || []
  const known = words(part).match(scripts[wanted] || /\p{Script=Latin}/gu) || []
  if (known.length * 2 < letters.length) return null
  const own = part.closest('[lang]').lang.toLowerCase()
  const fit = voices().filter((voice) => tag(voice) === wanted || tag(voice).startsWith(`${wanted}-`))
  return fit.find((voice) => tag(voice) === own) || fit[0] || null
}

const partsOf = (passage) => [...passage.querySelectorAll('[data-say]')].filter(words)

function show(button, stops) {
  button.lastElementChild.textContent = stops ? button.dataset.stop : button.dataset.listen
}

function stop() {
  speech.cancel()
  if (playing) show(playing, false)
  playing = null
}

function press(passage, button) {
  const again = playing === button
  stop()
  if (again) return
  if (first.hidden && !first.dataset.said) {
    first.dataset.said = 'yes'
    button.after(first)
    first.hidden = false
    return
  }
  first.hidden = true
  playing = button
  show(button, true)
  const parts = partsOf(passage)
  for (const part of parts) {
    const says = new SpeechSynthesisUtterance(words(part))
    says.voice = voiceFor(part)
    says.lang = says.voice ? says.voice.lang : ''
    if (part === parts.at(-1)) says.onend = () => playing === button && stop()
    if (says.voice) speech.speak(says)
  }
}

function look() {
  for (const passage of document.querySelectorAll('[data-passage]')) {
    const parts = partsOf(passage)
    const can = parts.length > 0 && parts.every(voiceFor)
    const there = passage.querySelector(':scope > .aloud')
    if (can && !there) {
      const button = made.content.firstElementChild.cloneNode(true)
      show(button, false)
      button.addEventListener('click', () => press(passage, button))
      passage.append(button)
    } else if (!can && there) {
      if (playing === there) stop()
      there.remove()
    }
  }
}

if (speech) {
  speech.addEventListener('voiceschanged', look)
  addEventListener('pagehide', stop)
  look()
}
