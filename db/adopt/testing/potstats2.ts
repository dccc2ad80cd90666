/** For tests: a potstats2 database. */

/** The tables of potstats2's last version; `key` names the primary keys, which differs between versions. */
export const potstats2Tables = (key: (table: string) => string) => `
  create type tiertype as enum ('standard', 'special');
  create type linktype as enum ('link', 'image', 'video');
  create table alembic_version (version_num varchar(32) not null constraint alembic_version_pkc primary key);
  create table categories (cid integer not null ${key("categories")} primary key, name varchar, description varchar);
  create table boards (bid integer not null ${key("boards")} primary key, cid integer references categories, name varchar, description varchar);
  create table user_tiers (tied serial ${key("user_tiers")} primary key, name varchar, bars varchar, type tiertype, unique (name, bars, type));
  create table avatars (avid integer not null ${key("avatars")} primary key, path varchar not null);
  create table users (
    uid integer not null ${key("users")} primary key, gid integer, name varchar,
    name_timestamp timestamp default '1970-01-01 00:00:00', aliases jsonb default '[]', user_profile_exists boolean default false,
    tied integer references user_tiers, avid integer references avatars, registered timestamp, online_status varchar,
    last_seen timestamp, account_state varchar, locked_until varchar,
    check (account_state = 'locked_temp' or locked_until is null));
  create table my_mods_users (uid integer not null ${key("my_mods_users")} primary key references users, html text);
  create table threads (
    tid integer not null ${key("threads")} primary key, bid integer references boards, title varchar, subtitle varchar,
    is_closed boolean, is_sticky boolean, is_important boolean, is_announcement boolean, is_global boolean, hit_count integer,
    est_number_of_replies integer, first_pid integer, last_pid integer, tags jsonb, is_complete boolean,
    constraint complete_requires_closed check ((is_closed and not is_sticky and not is_global) or not is_complete));
  create table posts (
    pid integer not null ${key("posts")} primary key, poster_uid integer references users, tid integer references threads, timestamp timestamp,
    edit_count integer, last_edit_uid integer references users, last_edit_timestamp timestamp, is_hidden boolean, content_length integer,
    icon_id integer, check (last_edit_uid is null or edit_count > 0), check (last_edit_timestamp is null or edit_count > 0));
  alter table threads add foreign key (first_pid) references posts, add foreign key (last_pid) references posts;
  create index tid_pid on posts (tid, pid);
  create index old_name on posts (timestamp);
  create table post_contents (pid integer not null ${key("post_contents")} primary key references posts, title varchar, content text);
  create table worldeater_state (
    singleton integer not null ${key("worldeater_state")} primary key, nomnom_time integer, num_api_requests integer, rx_bytes integer,
    tx_bytes integer, constraint ensure_single_state check (singleton = 0));
  create table worldeater_tnu (tid integer not null ${key("worldeater_tnu")} primary key references threads, start_page integer, est_number_of_posts integer);
  create table post_quotes (pid integer references posts, quoted_pid integer references posts, count integer, primary key (pid, quoted_pid));
  create table post_links (pid integer references posts, url varchar, type linktype, domain varchar, count integer, primary key (pid, url, type));
  create table link_relation (uid integer references users, domain varchar, year integer, type linktype, count integer, primary key (uid, domain, year, type));
  create table baked_quote_stats (year integer, bid integer, quoter_uid integer, quoted_uid integer, count integer);
  create table baked_poster_stats (year integer, bid integer references boards, uid integer references users, post_count integer, primary key (year, bid, uid));
  create table baked_daily_stats (year integer, day_of_year integer, bid integer references boards, active_users bytea, primary key (year, day_of_year, bid));`;

/** A few rows in every table. */
export const potstats2Rows = `
  insert into alembic_version values ('53dbc47c6c6a');
  insert into categories values (6, 'Allerlei', '');
  insert into boards values (14, 6, 'Plauderecke', 'für alles'), (15, 6, 'Leer', '');
  insert into user_tiers (name, bars, type) values ('Stammgast', 'ooooggggs', 'standard');
  insert into avatars values (59217, './avatare/fuchs.gif');
  insert into users values
    (1, 1, 'Gründer', '2004-02-29 12:00', '["Anfänger"]', true, 1, 59217, '2003-01-01', 'online', null, 'active', null),
    (2, 3, 'Gesperrter', '2005-01-01', '[]', true, null, null, null, null, null, 'locked_temp', '2030-01-01 00:00:00'),
    (3, null, null, null, null, null, null, null, null, null, null, null, null);
  insert into my_mods_users values (1, '<html>…</html>');
  insert into threads values (7, 14, 'Erstes Thema', '', false, true, false, false, false, 12, 1, null, null, '["alt"]', false);
  insert into posts values (70, 1, 7, '2004-02-29 23:30', 0, null, null, null, 5, 28), (71, 2, 7, '2004-03-01', 1, 1, '2004-03-02', true, 0, null);
  update threads set first_pid = 70, last_pid = 71;
  insert into post_contents values (70, null, 'Hallo'), (71, 'Titel', null);
  insert into worldeater_state values (0, 100, 200, 2000000000, 4000);
  insert into worldeater_tnu values (7, 0, 2);
  insert into post_quotes values (71, 70, 1);
  insert into baked_poster_stats values (2004, 14, 1, 1);`;
