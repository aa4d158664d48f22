/** @typedef {{id: string, number: string, name: string, price_cents: number, vat_rate_bp: number, on_sale: boolean}} Type */

/** The types as the page shows them; a push replaces the rows, so they are read anew. @returns {Map<string, Type>} */
export function typesShown() {
  const rows = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#types [data-type]"));
  return new Map([...rows].map(({ dataset: said }) => [said.type ?? "", {
    id: said.type ?? "",
    number: said.number ?? "",
    name: said.name ?? "",
    price_cents: Number(said.price),
    vat_rate_bp: Number(said.vat),
    on_sale: said.onSale === "yes",
  }]));
}
