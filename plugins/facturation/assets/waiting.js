// Looks every few seconds whether a payment has ended, and shows the answer. Without it, a link does the same.
const EVERY = 4000;

async function look() {
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    if (answer.ok && !(await answer.text()).includes("data-waiting")) return window.location.reload();
  } catch {
    // The next look will tell.
  }
  window.setTimeout(look, EVERY);
}

if (document.querySelector("[data-waiting]")) window.setTimeout(look, EVERY);
