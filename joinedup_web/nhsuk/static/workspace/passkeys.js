// Says in words what a passkey could not do; the ceremony itself is allauth's. Buttons appear where it can work.
(function () {
  const words = JSON.parse(document.getElementById('passkey-words').textContent) // in the language of the page
  const said = document.getElementById('passkey-said')
  function say (text) { said.textContent = text; said.hidden = false }
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    say(words[event.detail.exception.name] || words.other)
  })
  document.addEventListener('DOMContentLoaded', function () {
    if (!window.PublicKeyCredential) { say(words.none); return }
    document.querySelectorAll('[data-passkey]').forEach(function (button) { button.hidden = false })
  })
})()
