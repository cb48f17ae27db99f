// After a form is refused, one starts at the summary of what is left to correct; a page shown in a frame leaves one be.
if (window === window.top) document.querySelector("[data-error-summary]")?.focus();
