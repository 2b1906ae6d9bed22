// Passkeys: joins a form of ours to allauth's own script. Without WebAuthn the buttons stay hidden.
//   data-passkey="addForm | authenticateForm | loginForm" on the form; data-options: what the server offers, as JSON
//   data-passkey-button, data-passkey-credential, data-passkey-alone: button, hidden field, "without password"
//   data-passkey-error inside the form: shown when the browser or the person said no
(() => {
  "use strict";
  const names = { addForm: "add", authenticateForm: "authenticate", loginForm: "login" };
  if (!window.PublicKeyCredential || !window.allauth) return;
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const button = form.querySelector("[data-passkey-button]");
    const alone = form.querySelector("[data-passkey-alone] input");
    const ids = { credential: form.querySelector("[data-passkey-credential] input").id };
    ids[names[form.dataset.passkey]] = button.id;
    if (alone) ids.passwordless = alone.id;
    const data = form.dataset.options ? JSON.parse(form.dataset.options) : undefined;
    window.allauth.webauthn.forms[form.dataset.passkey]({ ids, data });
    form.hidden = false;
    button.hidden = false;
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.querySelectorAll("[data-passkey-error]").forEach((words) => { words.hidden = false; });
  });
})();
