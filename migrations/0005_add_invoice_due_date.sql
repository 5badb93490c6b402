ALTER TABLE "invoices" ADD COLUMN "due_on" date;--> statement-breakpoint
CREATE INDEX "invoices_due_on_idx" ON "invoices" USING btree ("due_on") WHERE "invoices"."status" = 'sent';