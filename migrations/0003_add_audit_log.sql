CREATE TABLE "audit_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"table_name" text NOT NULL,
	"action" text NOT NULL,
	"actor" text DEFAULT current_user NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"happened_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_log_action_known" CHECK ("audit_log"."action" in ('INSERT', 'UPDATE', 'DELETE'))
);
--> statement-breakpoint
CREATE INDEX "audit_log_organization_id_happened_at_idx" ON "audit_log" USING btree ("organization_id","happened_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "audit_log_happened_at_idx" ON "audit_log" USING brin ("happened_at");