// Takes a reader to the error summary when a form comes back with something missing.
document.querySelector("[data-focus]")?.focus();
