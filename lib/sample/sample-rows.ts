/** A small company's data, so that an archive of the sample has something to prove. Deterministic. */
export const SAMPLE_ROWS = `
  INSERT INTO public.organizations (id, slug, name)
    SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'org-' || n, 'Organization ' || n
    FROM generate_series(1, 5) AS n;
  INSERT INTO public.users (email, display_name)
    SELECT 'user' || n || '@example.com', 'User ' || n FROM generate_series(1, 200) AS n;
  INSERT INTO public.memberships (organization_id, user_id, role)
    SELECT ('00000000-0000-4000-8000-' || lpad((n % 5 + 1)::text, 12, '0'))::uuid, n,
           CASE WHEN n <= 5 THEN 'owner' ELSE 'member' END::public.member_role
    FROM generate_series(1, 200) AS n;
  INSERT INTO public.projects (id, organization_id, name, tags)
    SELECT ('10000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
           ('00000000-0000-4000-8000-' || lpad((n % 5 + 1)::text, 12, '0'))::uuid, 'Project ' || n, ARRAY['tag ' || n % 7]
    FROM generate_series(1, 60) AS n;
  INSERT INTO public.invoices (id, organization_id, project_id, status, issued_on, net)
    SELECT ('20000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, p.organization_id, p.id,
           (ARRAY['draft', 'sent', 'paid', 'void'])[n % 4 + 1]::public.invoice_status, date '2026-01-01' + n % 300, n * 1.37
    FROM generate_series(1, 3000) AS n
    JOIN public.projects AS p ON p.id = ('10000000-0000-4000-8000-' || lpad((n % 60 + 1)::text, 12, '0'))::uuid;
  INSERT INTO public.invoice_lines (invoice_id, position, description, unit_price)
    SELECT ('20000000-0000-4000-8000-' || lpad((n % 3000 + 1)::text, 12, '0'))::uuid, n / 3000 + 1, 'Line ' || n || E'\\tper hour', 40 + n % 9
    FROM generate_series(0, 8999) AS n;
`
