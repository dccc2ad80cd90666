ALTER TABLE "boards" ADD COLUMN IF NOT EXISTS "review_page" integer;--> statement-breakpoint
ALTER TABLE "boards" ADD COLUMN IF NOT EXISTS "reviewed_at" timestamp;--> statement-breakpoint
ALTER TABLE "boards" ADD COLUMN IF NOT EXISTS "surplus" integer;