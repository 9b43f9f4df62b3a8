-- The pace of each key.
create table ovhrenew_pace (
	key text primary key,
	-- When the bucket would be full again.
	next timestamptz not null default '-infinity',
	-- Nothing passes before this.
	paused timestamptz not null default '-infinity'
);

-- Orders and payments that wait for their turn. What has not asked again until then
-- has given up.
create table ovhrenew_pace_first (
	waiter bigint primary key,
	key text not null,
	until timestamptz not null
);
create index ovhrenew_pace_first_key on ovhrenew_pace_first (key, until);

-- ovhrenew_pass lets one request of a key pass and returns 0, or returns after how many
-- seconds to ask again. A waiter that is not null goes before those that are.
create function ovhrenew_pass(which text, every double precision, burst integer, who bigint)
returns double precision language plpgsql as $$
declare
	pace ovhrenew_pace%rowtype;
	step interval := make_interval(secs => every);
	at timestamptz;
	wait double precision;
begin
	insert into ovhrenew_pace (key) values (which) on conflict do nothing;
	select * into pace from ovhrenew_pace where key = which for update;
	at := clock_timestamp();
	wait := extract(epoch from greatest(pace.paused, pace.next - (burst - 1) * step, at) - at);
	if wait <= 0 and who is null and exists (select from ovhrenew_pace_first f where f.key = which and f.until > at) then
		wait := every;
	end if;
	if wait > 0 then
		if who is not null then
			insert into ovhrenew_pace_first values (who, which, at + make_interval(secs => wait + every + 1))
			on conflict (waiter) do update set until = excluded.until;
		end if;
		return wait;
	end if;
	update ovhrenew_pace set next = greatest(next, at) + step where key = which;
	if who is not null then
		delete from ovhrenew_pace_first where waiter = who;
	end if;
	return 0;
end
$$;

---- create above / drop below ----

drop function ovhrenew_pass;
drop table ovhrenew_pace_first;
drop table ovhrenew_pace;
