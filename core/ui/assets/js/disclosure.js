// Menus are <details class="disclosure">: close on Escape (focus goes back to the summary), and when one acts elsewhere.
const opened = () => document.querySelectorAll("details.disclosure[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of opened()) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
});

for (const kind of ["pointerdown", "focusin"]) {
  document.addEventListener(kind, (event) => {
    for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
  });
}
