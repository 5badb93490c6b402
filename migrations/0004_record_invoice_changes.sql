CREATE FUNCTION "public"."record_invoice_change"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
	INSERT INTO public.audit_log (organization_id, table_name, action, actor, before, after)
	VALUES (
		coalesce(new.organization_id, old.organization_id),
		tg_table_name,
		tg_op,
		session_user,
		CASE WHEN tg_op <> 'INSERT' THEN to_jsonb(old) END,
		CASE WHEN tg_op <> 'DELETE' THEN to_jsonb(new) END
	);
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "invoices_record_change"
AFTER INSERT OR UPDATE OR DELETE ON "public"."invoices"
FOR EACH ROW EXECUTE FUNCTION "public"."record_invoice_change"();
