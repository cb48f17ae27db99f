// Frames of the components page are as high as what they show; without this script they scroll.
function fit(frame) {
  const main = frame.contentDocument?.querySelector("main");
  if (main) frame.style.height = `${Math.ceil(main.getBoundingClientRect().bottom + frame.contentWindow.scrollY) + 8}px`;
}

for (const frame of document.querySelectorAll("iframe[data-fit]")) {
  frame.addEventListener("load", () => {
    const main = frame.contentDocument?.querySelector("main");
    if (!main) return;
    fit(frame);
    new ResizeObserver(() => fit(frame)).observe(main);
  });
  fit(frame);
}
