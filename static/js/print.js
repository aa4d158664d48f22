/** Prints first, then records that it was printed. */
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-print-first]"))) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.printed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.printed = "yes";
    print(); // returns once the dialog is closed
    setTimeout(() => form.requestSubmit()); // a form takes no second submission while this event runs
  }, { capture: true });
}
