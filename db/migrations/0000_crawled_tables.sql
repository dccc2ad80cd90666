CREATE TYPE "public"."accountstate" AS ENUM('active', 'locked_temp', 'locked', 'not_unlocked');--> statement-breakpoint
CREATE TYPE "public"."tiertype" AS ENUM('standard', 'special');--> statement-breakpoint
CREATE SEQUENCE "public"."crawl_revision" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "avatars" (
	"avid" integer NOT NULL,
	"path" varchar NOT NULL,
	CONSTRAINT "pk_avatars" PRIMARY KEY("avid")
);
--> statement-breakpoint
CREATE TABLE "boards" (
	"bid" integer NOT NULL,
	"cid" integer,
	"name" varchar,
	"description" varchar,
	"initial_pass_at" timestamp,
	"revision" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "pk_boards" PRIMARY KEY("bid")
);
--> statement-breakpoint
CREATE TABLE "categories" (
	"cid" integer NOT NULL,
	"name" varchar,
	"description" varchar,
	CONSTRAINT "pk_categories" PRIMARY KEY("cid")
);
--> statement-breakpoint
CREATE TABLE "my_mods_users" (
	"uid" integer NOT NULL,
	"html" text,
	"fetched_at" timestamp,
	CONSTRAINT "pk_my_mods_users" PRIMARY KEY("uid")
);
--> statement-breakpoint
CREATE TABLE "post_contents" (
	"pid" integer NOT NULL,
	"title" varchar,
	"content" text,
	CONSTRAINT "pk_post_contents" PRIMARY KEY("pid")
);
--> statement-breakpoint
CREATE TABLE "posts" (
	"pid" integer NOT NULL,
	"poster_uid" integer,
	"tid" integer,
	"timestamp" timestamp,
	"edit_count" integer,
	"last_edit_uid" integer,
	"last_edit_timestamp" timestamp,
	"is_hidden" boolean,
	"content_length" integer,
	"icon_id" integer,
	"gone_at" timestamp,
	"revision" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "pk_posts" PRIMARY KEY("pid"),
	CONSTRAINT "ck_posts_last_edit_uid" CHECK ("posts"."edit_count" > 0 or "posts"."last_edit_uid" is null),
	CONSTRAINT "ck_posts_last_edit_timestamp" CHECK ("posts"."edit_count" > 0 or "posts"."last_edit_timestamp" is null)
);
--> statement-breakpoint
CREATE TABLE "threads" (
	"tid" integer NOT NULL,
	"bid" integer,
	"title" varchar,
	"subtitle" varchar,
	"is_closed" boolean,
	"is_sticky" boolean,
	"is_important" boolean,
	"is_announcement" boolean,
	"is_global" boolean,
	"hit_count" integer,
	"est_number_of_replies" integer,
	"first_pid" integer,
	"last_pid" integer,
	"tags" jsonb,
	"is_complete" boolean,
	"gone_at" timestamp,
	"listed_last_post" timestamp,
	"revision" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "pk_threads" PRIMARY KEY("tid"),
	CONSTRAINT "ck_threads_is_complete" CHECK (("threads"."is_closed" and not "threads"."is_sticky" and not "threads"."is_global") or not "threads"."is_complete")
);
--> statement-breakpoint
CREATE TABLE "user_tiers" (
	"tied" serial NOT NULL,
	"name" varchar,
	"bars" varchar,
	"type" "tiertype",
	CONSTRAINT "pk_user_tiers" PRIMARY KEY("tied"),
	CONSTRAINT "uq_user_tiers_name" UNIQUE("name","bars","type")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"uid" integer NOT NULL,
	"gid" integer,
	"name" varchar,
	"name_timestamp" timestamp DEFAULT '1970-01-01 00:00:00',
	"aliases" jsonb DEFAULT '[]'::jsonb,
	"user_profile_exists" boolean DEFAULT false,
	"tied" integer,
	"avid" integer,
	"registered" timestamp,
	"online_status" varchar,
	"last_seen" timestamp,
	"account_state" "accountstate",
	"locked_until" varchar,
	"name_pid" integer DEFAULT 0 NOT NULL,
	"revision" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "pk_users" PRIMARY KEY("uid"),
	CONSTRAINT "ck_users_locked_until" CHECK ("users"."account_state" = 'locked_temp' or "users"."locked_until" is null)
);
--> statement-breakpoint
CREATE TABLE "worldeater_state" (
	"singleton" integer NOT NULL,
	"nomnom_time" integer,
	"num_api_requests" integer,
	"rx_bytes" bigint,
	"tx_bytes" bigint,
	"posts_added" bigint DEFAULT 0 NOT NULL,
	"posts_changed" bigint DEFAULT 0 NOT NULL,
	"posts_hidden" bigint DEFAULT 0 NOT NULL,
	"threads_added" bigint DEFAULT 0 NOT NULL,
	"threads_gone" bigint DEFAULT 0 NOT NULL,
	"retries" bigint DEFAULT 0 NOT NULL,
	"last_crawl_started_at" timestamp,
	"last_crawl_finished_at" timestamp,
	CONSTRAINT "pk_worldeater_state" PRIMARY KEY("singleton")
);
--> statement-breakpoint
CREATE TABLE "worldeater_tnu" (
	"tid" integer NOT NULL,
	"start_page" integer,
	"est_number_of_posts" integer,
	CONSTRAINT "pk_worldeater_tnu" PRIMARY KEY("tid")
);
--> statement-breakpoint
ALTER TABLE "boards" ADD CONSTRAINT "fk_boards_cid_categories" FOREIGN KEY ("cid") REFERENCES "public"."categories"("cid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "my_mods_users" ADD CONSTRAINT "fk_my_mods_users_uid_users" FOREIGN KEY ("uid") REFERENCES "public"."users"("uid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "post_contents" ADD CONSTRAINT "fk_post_contents_pid_posts" FOREIGN KEY ("pid") REFERENCES "public"."posts"("pid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "fk_posts_poster_uid_users" FOREIGN KEY ("poster_uid") REFERENCES "public"."users"("uid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "fk_posts_tid_threads" FOREIGN KEY ("tid") REFERENCES "public"."threads"("tid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "fk_posts_last_edit_uid_users" FOREIGN KEY ("last_edit_uid") REFERENCES "public"."users"("uid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "threads" ADD CONSTRAINT "fk_threads_bid_boards" FOREIGN KEY ("bid") REFERENCES "public"."boards"("bid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "threads" ADD CONSTRAINT "fk_threads_first_pid_posts" FOREIGN KEY ("first_pid") REFERENCES "public"."posts"("pid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "threads" ADD CONSTRAINT "fk_threads_last_pid_posts" FOREIGN KEY ("last_pid") REFERENCES "public"."posts"("pid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "fk_users_tied_user_tiers" FOREIGN KEY ("tied") REFERENCES "public"."user_tiers"("tied") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "fk_users_avid_avatars" FOREIGN KEY ("avid") REFERENCES "public"."avatars"("avid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "worldeater_tnu" ADD CONSTRAINT "fk_worldeater_tnu_tid_threads" FOREIGN KEY ("tid") REFERENCES "public"."threads"("tid") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ix_posts_poster_uid" ON "posts" USING btree ("poster_uid");--> statement-breakpoint
CREATE INDEX "ix_posts_timestamp" ON "posts" USING btree ("timestamp");--> statement-breakpoint
CREATE INDEX "ix_posts_tid_pid" ON "posts" USING btree ("tid","pid");--> statement-breakpoint
CREATE INDEX "ix_posts_revision" ON "posts" USING btree ("revision");--> statement-breakpoint
CREATE INDEX "ix_threads_bid_last_pid" ON "threads" USING btree ("bid","last_pid");--> statement-breakpoint
CREATE INDEX "ix_threads_revision" ON "threads" USING btree ("revision");