// Says in words what a passkey could not do; the ceremony itself is allauth's. Buttons appear where it can work.
(function () {
  const words = {
    NotAllowedError: 'No passkey was used: it was cancelled, or took too long. Nothing has changed.',
    InvalidStateError: 'This device already has a passkey for your account.',
    SecurityError: 'Passkeys do not work at this address. They need a name such as localhost, or https://.',
    NotSupportedError: 'This device cannot keep such a passkey.'
  }
  const said = document.getElementById('passkey-said')
  function say (text) { said.textContent = text; said.hidden = false }
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    say(words[event.detail.exception.name] || 'The passkey could not be used. Try again, or sign in another way.')
  })
  document.addEventListener('DOMContentLoaded', function () {
    if (!window.PublicKeyCredential) { say('This browser has no passkeys.'); return }
    document.querySelectorAll('[data-passkey]').forEach(function (button) { button.hidden = false })
  })
})()
