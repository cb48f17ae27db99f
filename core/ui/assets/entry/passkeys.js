// Passkeys: a form with `data-passkey` asks the browser for a key, puts what it answers in its field, and is sent.
//   sign-in  no account is known yet: the options come from the form's own address
//   prove    somebody known proves that they hold one of their keys
//   add      a new key; the options of `prove` and `add` stand in the page, in #passkey-data
// A form that works without a key beside it is hidden until this module knows that the browser can.

const WORDS = {
  unable: "Ce navigateur ne connaît pas les clés d’accès.",
  refused: "Rien n’a été fait : le navigateur n’a pas donné de clé, ou vous avez renoncé. Vous pouvez recommencer.",
  known: "Cet appareil garde déjà une clé pour votre compte.",
  address: "Le navigateur refuse les clés d’accès à cette adresse.",
  network: "Le site ne répond pas. Recommencez dans un instant.",
};

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0)).buffer;
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const described = (list) => (list ?? []).map((item) => ({ ...item, id: bytes(item.id) }));

async function create({ publicKey: asked }) {
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: described(asked.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return {
    ...common(made),
    response: {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function get({ publicKey: asked }) {
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    allowCredentials: described(asked.allowCredentials),
  };
  const found = await navigator.credentials.get({ publicKey });
  return {
    ...common(found),
    response: {
      clientDataJSON: text(found.response.clientDataJSON),
      authenticatorData: text(found.response.authenticatorData),
      signature: text(found.response.signature),
      userHandle: found.response.userHandle ? text(found.response.userHandle) : null,
    },
  };
}

const common = (credential) => ({
  type: credential.type,
  id: credential.id,
  rawId: text(credential.rawId),
  authenticatorAttachment: credential.authenticatorAttachment,
  clientExtensionResults: credential.getClientExtensionResults(),
});

async function ask(form) {
  if (form.dataset.passkey === "sign-in") {
    const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) throw new TypeError("network");
    return get((await answer.json()).request_options);
  }
  const data = JSON.parse(document.getElementById("passkey-data").textContent);
  return data.creation_options ? create(data.creation_options) : get(data.request_options);
}

const reason = (error) =>
  ({ InvalidStateError: WORDS.known, SecurityError: WORDS.address, TypeError: WORDS.network })[error.name] ?? WORDS.refused;

for (const form of document.querySelectorAll("[data-passkey]")) {
  const said = form.querySelector("[data-passkey-said]");
  if (!window.PublicKeyCredential) {
    said.textContent = WORDS.unable;
    continue;
  }
  form.hidden = false;
  said.textContent = "";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    said.textContent = "";
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
      form.submit();
    } catch (error) {
      said.textContent = reason(error);
      button.disabled = false;
    }
  });
}
