-- Events wait here, committed together with the rows they describe, until OpenSend has stored them.
create table opensend_outbox (
  position bigint generated always as identity primary key,
  -- The id of the event in OpenSend: however often a row is sent, its event is stored once.
  event_id uuid not null unique default gen_random_uuid(),
  type text not null,
  data jsonb not null,
  created_at timestamptz not null default now(),
  -- Why OpenSend refused the event; null while it waits.
  refused text
);
create index opensend_outbox_waiting on opensend_outbox (position) where refused is null;

-- A table of your app, for the example.
create table orders (
  id bigint generated always as identity primary key,
  status text not null,
  total numeric not null
);

create function write_order_event() returns trigger language plpgsql as $$
begin
  insert into opensend_outbox (type, data)
  values (
    case tg_op when 'INSERT' then 'order.created' else 'order.updated' end,
    jsonb_build_object('order_id', new.id, 'status', new.status, 'total', new.total)
  );
  return null;
end $$;

create trigger write_order_event after insert or update on orders
  for each row execute function write_order_event();
