import { startEmbedded } from "@potstats/db/embedded";
import { migrate } from "@potstats/db/migrate";
import { connect } from "@potstats/db/connect";
const n = Number(process.argv[2] ?? 1_000_000);
const server = await startEmbedded({ dataDir: "/tmp/ab/data" });
await migrate(server.url);
const sql = connect(server.url, { max: 4 });
await sql.unsafe(`truncate posts, threads, users, boards, categories, post_contents cascade; drop schema if exists baked cascade;
 insert into categories values (1,'K','');
 insert into boards select b, 1, 'Brett '||b, '' from generate_series(1,20) b;
 insert into users (uid,name) select u, 'Nutzer '||u from generate_series(1,5000) u;
 insert into threads (tid,bid,title,revision) select t, 1+floor(20*power(random(),2))::int, 'Thema '||t, 0 from generate_series(1,20000) t;
 insert into posts (pid,tid,poster_uid,timestamp,edit_count,content_length) select p, 1+floor(20000*power(random(),2))::int, 1+floor(5000*power(random(),2))::int,
   timestamp '2005-01-01' + (p * (interval '18 years' / ${n})), 0, 300 from generate_series(1,${n}) p;
 insert into post_contents (pid, content) select p, case when random() < 0.25 then '[quote=1,'||greatest(1, p-floor(random()*1000)::int)||',"Nutzer"][b]'||repeat('Hallo Welt ', 5)||'[/b][/quote]' else '' end
   || repeat('Das ist ein Beitrag mit Text. ', floor(random()*16)::int) || case when random() < 0.08 then '[url=http://host'||floor(random()*2000)||'.example/x'||p||']hier[/url]' else '' end from generate_series(1,${n}) p;
 update threads t set first_pid = m.f, last_pid = m.l from (select tid, min(pid) f, max(pid) l from posts group by tid) m where m.tid = t.tid;
`);
await sql.unsafe("vacuum analyze");
await migrate(server.url);
console.log(await sql`select count(*), avg(length(content)) from post_contents`);
await sql.end();
await server.close();
