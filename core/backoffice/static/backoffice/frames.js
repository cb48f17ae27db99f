// Frames of the components page are as high as what they show; without this script they scroll.
// The content is measured, never the page: that one is at least as high as its frame.
const MARGIN = 40;

function fit(frame) {
  const content = frame.contentDocument?.querySelector(".page-content");
  if (!content || frame.dataset.watched === frame.contentDocument.URL) return;
  frame.dataset.watched = frame.contentDocument.URL;
  new ResizeObserver(() => {
    const bottom = content.getBoundingClientRect().bottom + frame.contentWindow.scrollY;
    frame.style.height = `${Math.ceil(bottom) + MARGIN}px`;
  }).observe(content);
}

for (const frame of document.querySelectorAll("iframe[data-fit]")) {
  frame.addEventListener("load", () => fit(frame));
  fit(frame);
}
