-- A process that has the journal open.
create table ovhrenew_holder (
	holder bigint generated always as identity primary key,
	host text not null,
	-- What tells another process of the same machine whether this one is dead; empty
	-- where that cannot be told.
	process text not null,
	opened timestamptz not null default clock_timestamp(),
	-- It is taken to be alive until then, and while its session has the lock.
	until timestamptz not null,
	-- The key of the advisory lock that its session holds; null if it keeps none.
	lock bigint
);

-- What is claimed now, and by whom. Each claim has a number that is never used again.
create sequence ovhrenew_claim_number;
create table ovhrenew_claim (
	account text not null,
	service bigint not null,
	claim bigint not null,
	holder bigint not null,
	since timestamptz not null default clock_timestamp(),
	primary key (account, service)
);
create index ovhrenew_claim_holder on ovhrenew_claim (holder);

-- The last state of each renewal.
create sequence ovhrenew_change_number;
create table ovhrenew_renewal (
	account text not null,
	renewal text not null,
	phase text not null,
	services bigint[] not null,
	order_id bigint, -- null if there is none
	reached timestamptz not null, -- when it came to this phase, by the API's clock
	change bigint not null, -- grows with each change
	-- The holder of a claim that had begun to pay is not known to be dead.
	inherited boolean not null default false,
	state json not null, -- ovhrenew.State
	primary key (account, renewal)
);
create index ovhrenew_renewal_services on ovhrenew_renewal using gin (services) with (fastupdate = off);
create index ovhrenew_renewal_open on ovhrenew_renewal (account, phase) where phase not in ('renewed', 'closed');

-- What was renewed and verified, as it was first kept. A renewal that was done anew has two,
-- of two orders. Prices are with tax included.
create table ovhrenew_receipt (
	account text not null,
	renewal text not null,
	order_id bigint not null,
	verified timestamptz not null, -- when the renewal ended, by the API's clock
	change bigint not null, -- that of the renewal then
	services bigint[] not null,
	period text not null,
	price numeric,
	tax numeric,
	currency text not null,
	paid_with text not null,
	unexpected boolean not null,
	receipt json not null, -- when the renewal ended, to the nanosecond, and ovhrenew.Receipt
	primary key (account, renewal, order_id)
);
create index ovhrenew_receipt_verified on ovhrenew_receipt (account, verified, change);

-- What is known of orders.
create table ovhrenew_order (
	account text not null,
	order_id bigint not null,
	dated timestamptz not null,
	services bigint[], -- those of an order of the journal's; null of any other
	fact json, -- ovhrenew.OrderFact; null if its lines were not read
	primary key (account, order_id)
);
create index ovhrenew_order_dated on ovhrenew_order (account, dated);

---- create above / drop below ----

drop table ovhrenew_order;
drop table ovhrenew_receipt;
drop table ovhrenew_renewal;
drop sequence ovhrenew_change_number;
drop table ovhrenew_claim;
drop sequence ovhrenew_claim_number;
drop table ovhrenew_holder;
