-- A number that is drawn, and the paper that bears it: without gaps, as both commit or neither.
WITH drawn AS (
{drawn})
INSERT INTO invoice (organization_id, id, checkout_id, till_id, kind, prefix, number, supplier_name, supplier_address,
                     supplier_vat_number, total_cents, vat_cents, recipient_due, created_at)
SELECT %(organization_id)s, %(id)s, %(checkout_id)s, %(till_id)s::uuid, %(kind)s, %(prefix)s, d.number,
       %(supplier_name)s, %(supplier_address)s, %(supplier_vat_number)s, %(total_cents)s::bigint,
       %(vat_cents)s::bigint, %(recipient_due)s::timestamptz, %(created_at)s
  FROM drawn d
RETURNING number
