CREATE TABLE "forgotten_users" (
	"uid" integer NOT NULL,
	"forgotten_at" timestamp NOT NULL,
	CONSTRAINT "pk_forgotten_users" PRIMARY KEY("uid")
);
