// Moves the bar of a run while it works, and shows the result when it is done. Without it, a link reloads the page.
const panel = document.querySelector("[data-progress]");
const bar = panel?.querySelector("progress");
const count = panel?.querySelector(".g-progress .g-note");

async function look() {
  try {
    const answer = await fetch(panel.dataset.progress, { headers: { Accept: "application/json" } });
    const run = await answer.json();
    bar.max = Math.max(run.total, 1);
    bar.value = run.done;
    count.textContent = `${run.done} / ${run.total}`;
    if (!run.working) return window.location.reload();
  } catch {
    // The next look will tell.
  }
  window.setTimeout(look, 1000);
}

if (bar) look();
