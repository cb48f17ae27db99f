// After a form is refused, one starts at the summary of what is left to correct.
document.querySelector("[data-error-summary]")?.focus();
