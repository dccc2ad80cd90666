ALTER TABLE "threads" ADD COLUMN IF NOT EXISTS "checked_at" timestamp;--> statement-breakpoint
ALTER TABLE "threads" ADD COLUMN IF NOT EXISTS "check_page" integer;--> statement-breakpoint
ALTER TABLE "threads" ADD COLUMN IF NOT EXISTS "page_shift" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "threads" ADD COLUMN IF NOT EXISTS "is_unlisted" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "ix_threads_checked_at" ON "threads" USING btree ("checked_at" NULLS FIRST);--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "ix_threads_check_due" ON "threads" USING btree ((coalesce("checked_at", "listed_last_post") + greatest(interval '1 hour',
  coalesce("checked_at", "listed_last_post") - coalesce(greatest("listed_last_post", "gone_at"), timestamp '2000-01-01'))));