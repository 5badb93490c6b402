CREATE TYPE "public"."invoice_status" AS ENUM('draft', 'sent', 'paid', 'void');--> statement-breakpoint
CREATE SEQUENCE "public"."invoice_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1000 CACHE 1;--> statement-breakpoint
CREATE TABLE "invoice_lines" (
	"invoice_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"description" text NOT NULL,
	"quantity" numeric(10, 3) DEFAULT '1' NOT NULL,
	"unit_price" numeric(12, 2) NOT NULL,
	"taxed" boolean DEFAULT true NOT NULL,
	CONSTRAINT "invoice_lines_invoice_id_position_pk" PRIMARY KEY("invoice_id","position"),
	CONSTRAINT "invoice_lines_position_from_one" CHECK ("invoice_lines"."position" >= 1)
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"number" bigint DEFAULT nextval('invoice_number_seq') NOT NULL,
	"organization_id" uuid NOT NULL,
	"project_id" uuid,
	"status" "invoice_status" DEFAULT 'draft' NOT NULL,
	"issued_on" date DEFAULT now() NOT NULL,
	"net" numeric(12, 2) NOT NULL,
	"tax_percent" numeric(5, 2) DEFAULT '19' NOT NULL,
	"gross" numeric(12, 2) GENERATED ALWAYS AS (round(net * (1 + tax_percent / 100), 2)) STORED,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "invoices_number_key" UNIQUE("number"),
	CONSTRAINT "invoices_net_not_negative" CHECK ("invoices"."net" >= 0),
	CONSTRAINT "invoices_tax_percent_range" CHECK ("invoices"."tax_percent" between 0 and 100)
);
--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "invoices_organization_id_issued_on_idx" ON "invoices" USING btree ("organization_id","issued_on" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "invoices_unpaid_idx" ON "invoices" USING btree ("organization_id") WHERE "invoices"."status" = 'sent';--> statement-breakpoint
CREATE VIEW "public"."outstanding_balances" WITH (security_invoker = true) AS (select "invoices"."organization_id", count(*) as "invoices", sum("invoices"."gross") as "amount" from "invoices" inner join "organizations" on "organizations"."id" = "invoices"."organization_id" where "invoices"."status" = 'sent' and "organizations"."deleted_at" is null group by "invoices"."organization_id");