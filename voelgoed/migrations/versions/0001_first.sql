CREATE TABLE attempt_count (
	id UUID NOT NULL, 
	key TEXT NOT NULL, 
	tries INTEGER NOT NULL, 
	window_ends_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_attempt_count PRIMARY KEY (id), 
	CONSTRAINT uq_attempt_count_key UNIQUE (key), 
	CONSTRAINT ck_attempt_count_key_size CHECK (char_length(key) between 1 and 200)
);
CREATE TABLE first_owner_link (
	id UUID NOT NULL, 
	secret_hash BYTEA NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	used_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_first_owner_link PRIMARY KEY (id), 
	CONSTRAINT uq_first_owner_link_secret_hash UNIQUE (secret_hash)
);
CREATE TABLE organization (
	id UUID NOT NULL, 
	slug TEXT NOT NULL, 
	name TEXT NOT NULL, 
	address TEXT, 
	timezone TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	vat_number TEXT, 
	vat_vendor BOOLEAN NOT NULL, 
	cash_rounding_cents INTEGER NOT NULL, 
	box_office_void_limit_cents INTEGER NOT NULL, 
	box_office_discount_percent INTEGER NOT NULL, 
	manager_discount_percent INTEGER NOT NULL, 
	box_office_comp_limit INTEGER NOT NULL, 
	supervisor_pass_limit INTEGER NOT NULL, 
	suspended_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_organization PRIMARY KEY (id), 
	CONSTRAINT uq_organization_slug UNIQUE (slug), 
	CONSTRAINT ck_organization_slug_form CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,39}$'), 
	CONSTRAINT ck_organization_slug_free CHECK (slug not in ('api', 'healthz', 'metrics', 'readyz', 'static')), 
	CONSTRAINT ck_organization_shares CHECK (box_office_discount_percent BETWEEN 0 AND 100 AND manager_discount_percent BETWEEN 0 AND 100), 
	CONSTRAINT ck_organization_slug_size CHECK (char_length(slug) between 1 and 40), 
	CONSTRAINT ck_organization_name_size CHECK (char_length(name) between 1 and 120), 
	CONSTRAINT ck_organization_address_size CHECK (char_length(address) between 0 and 400), 
	CONSTRAINT ck_organization_timezone_size CHECK (char_length(timezone) between 1 and 60), 
	CONSTRAINT ck_organization_currency_size CHECK (char_length(currency) between 1 and 3), 
	CONSTRAINT ck_organization_vat_number_size CHECK (char_length(vat_number) between 0 and 20)
);
CREATE TABLE rule_skip (
	id UUID NOT NULL, 
	reason TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_rule_skip PRIMARY KEY (id), 
	CONSTRAINT ck_rule_skip_reason_size CHECK (char_length(reason) between 1 and 1000)
);
CREATE TABLE "user" (
	id UUID NOT NULL, 
	email TEXT NOT NULL, 
	password_hash TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_user PRIMARY KEY (id), 
	CONSTRAINT uq_user_email UNIQUE (email), 
	CONSTRAINT ck_user_email_size CHECK (char_length(email) between 1 and 254), 
	CONSTRAINT ck_user_password_hash_size CHECK (char_length(password_hash) between 1 and 200)
);
CREATE TABLE audit_entry (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	action TEXT NOT NULL, 
	object TEXT NOT NULL, 
	object_id UUID NOT NULL, 
	changes JSONB NOT NULL, 
	actor_kind TEXT NOT NULL, 
	actor_id UUID, 
	actor_label TEXT NOT NULL, 
	request TEXT, 
	job TEXT, 
	run TEXT, 
	step TEXT, 
	reason TEXT, 
	transaction BIGINT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_audit_entry PRIMARY KEY (organization_id, id), 
	CONSTRAINT ck_audit_entry_action_size CHECK (char_length(action) between 1 and 10), 
	CONSTRAINT ck_audit_entry_object_size CHECK (char_length(object) between 1 and 63), 
	CONSTRAINT ck_audit_entry_actor_kind_size CHECK (char_length(actor_kind) between 1 and 10), 
	CONSTRAINT ck_audit_entry_actor_label_size CHECK (char_length(actor_label) between 1 and 400), 
	CONSTRAINT ck_audit_entry_request_size CHECK (char_length(request) between 0 and 100), 
	CONSTRAINT ck_audit_entry_job_size CHECK (char_length(job) between 0 and 100), 
	CONSTRAINT ck_audit_entry_run_size CHECK (char_length(run) between 0 and 100), 
	CONSTRAINT ck_audit_entry_step_size CHECK (char_length(step) between 0 and 100), 
	CONSTRAINT ck_audit_entry_reason_size CHECK (char_length(reason) between 0 and 1000), 
	CONSTRAINT fk_audit_entry_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_audit_entry_organization_id_actor_id_id ON audit_entry (organization_id, actor_id, id);
CREATE INDEX ix_audit_entry_organization_id_object_object_id_id ON audit_entry (organization_id, object, object_id, id);
CREATE INDEX ix_audit_entry_organization_id_request ON audit_entry (organization_id, request);
CREATE TABLE card_machine (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	archived_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_card_machine PRIMARY KEY (organization_id, id), 
	CONSTRAINT ck_card_machine_name_size CHECK (char_length(name) between 1 and 80), 
	CONSTRAINT fk_card_machine_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE closed_day (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	day DATE NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_closed_day PRIMARY KEY (organization_id, id), 
	CONSTRAINT uq_closed_day_organization_id_day UNIQUE (organization_id, day), 
	CONSTRAINT ck_closed_day_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_closed_day_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE customer (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT, 
	email TEXT, 
	phone TEXT, 
	name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(name)) STORED, 
	email_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(email)) STORED, 
	phone_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(phone)) STORED, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_customer PRIMARY KEY (organization_id, id), 
	CONSTRAINT ck_customer_name_size CHECK (char_length(name) between 0 and 120), 
	CONSTRAINT ck_customer_email_size CHECK (char_length(email) between 0 and 254), 
	CONSTRAINT ck_customer_phone_size CHECK (char_length(phone) between 0 and 40), 
	CONSTRAINT fk_customer_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_customer_organization_id_email_key ON customer (organization_id, email_key);
CREATE INDEX ix_customer_organization_id_name_key ON customer (organization_id, name_key);
CREATE INDEX ix_customer_organization_id_phone_key ON customer (organization_id, phone_key);
CREATE TABLE day_list (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	gateway TEXT NOT NULL, 
	day DATE NOT NULL, 
	currency TEXT NOT NULL, 
	came TEXT NOT NULL, 
	name TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	items INTEGER NOT NULL, 
	skipped INTEGER NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_day_list PRIMARY KEY (organization_id, id), 
	CONSTRAINT uq_day_list_organization_id_gateway_day_digest UNIQUE (organization_id, gateway, day, digest), 
	CONSTRAINT ck_day_list_gateway_words CHECK (gateway in ('cash', 'card', 'stripe', 'paystack', 'credit')), 
	CONSTRAINT ck_day_list_currency_size CHECK (char_length(currency) between 1 and 3), 
	CONSTRAINT ck_day_list_came_words CHECK (came in ('uploaded', 'fetched')), 
	CONSTRAINT ck_day_list_name_size CHECK (char_length(name) between 1 and 200), 
	CONSTRAINT ck_day_list_digest_size CHECK (char_length(digest) between 1 and 64), 
	CONSTRAINT ck_day_list_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_day_list_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE gateway_account (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	gateway TEXT NOT NULL, 
	mode TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	public_key TEXT, 
	secret_sealed BYTEA NOT NULL, 
	webhook_secret_sealed BYTEA, 
	hook UUID NOT NULL, 
	address TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_gateway_account PRIMARY KEY (organization_id, id), 
	CONSTRAINT uq_gateway_account_organization_id_gateway_mode UNIQUE (organization_id, gateway, mode), 
	CONSTRAINT uq_gateway_account_organization_id_hook UNIQUE (organization_id, hook), 
	CONSTRAINT ck_gateway_account_live_is_real CHECK (mode <> 'live' OR address IS NULL), 
	CONSTRAINT ck_gateway_account_gateway_words CHECK (gateway in ('stripe', 'paystack')), 
	CONSTRAINT ck_gateway_account_mode_words CHECK (mode in ('test', 'live')), 
	CONSTRAINT ck_gateway_account_public_key_size CHECK (char_length(public_key) between 0 and 200), 
	CONSTRAINT ck_gateway_account_address_size CHECK (char_length(address) between 0 and 200), 
	CONSTRAINT fk_gateway_account_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE idempotency_key (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	fingerprint TEXT NOT NULL, 
	body_hash TEXT NOT NULL, 
	reference JSONB NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_idempotency_key PRIMARY KEY (organization_id, id), 
	CONSTRAINT uq_idempotency_key_organization_id_fingerprint UNIQUE (organization_id, fingerprint), 
	CONSTRAINT ck_idempotency_key_fingerprint_size CHECK (char_length(fingerprint) between 1 and 64), 
	CONSTRAINT ck_idempotency_key_body_hash_size CHECK (char_length(body_hash) between 1 and 64), 
	CONSTRAINT fk_idempotency_key_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE invitation (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	email TEXT NOT NULL, 
	name TEXT NOT NULL, 
	roles TEXT[] NOT NULL, 
	secret_hash BYTEA NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	accepted_at TIMESTAMP WITH TIME ZONE, 
	withdrawn_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_invitation PRIMARY KEY (organization_id, id), 
	CONSTRAINT uq_invitation_organization_id_secret_hash UNIQUE (organization_id, secret_hash), 
	CONSTRAINT ck_invitation_email_size CHECK (char_length(email) between 1 and 254), 
	CONSTRAINT ck_invitation_name_size CHECK (char_length(name) between 1 and 120), 
	CONSTRAINT fk_invitation_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE ledger_file (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	format TEXT NOT NULL, 
	asked JSONB NOT NULL, 
	without_shift_id UUID, 
	actor TEXT NOT NULL, 
	entries INTEGER NOT NULL, 
	entries_done INTEGER NOT NULL, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	failed TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_ledger_file PRIMARY KEY (organization_id, id), 
	CONSTRAINT ck_ledger_file_format_words CHECK (format in ('csv', 'xlsx')), 
	CONSTRAINT ck_ledger_file_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT ck_ledger_file_failed_size CHECK (char_length(failed) between 0 and 400), 
	CONSTRAINT fk_ledger_file_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE mail (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	address TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	body TEXT NOT NULL, 
	papers TEXT, 
	about_id UUID, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_mail PRIMARY KEY (organization_id, id), 
	CONSTRAINT ck_mail_address_size CHECK (char_length(address) between 1 and 254), 
	CONSTRAINT ck_mail_subject_size CHECK (char_length(subject) between 1 and 200), 
	CONSTRAINT ck_mail_body_size CHECK (char_length(body) between 1 and 4000), 
	CONSTRAINT ck_mail_papers_size CHECK (char_length(papers) between 0 and 40), 
	CONSTRAINT ck_mail_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_mail_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE manual_entry (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_manual_entry PRIMARY KEY (organization_id, id), 
	CONSTRAINT ck_manual_entry_reason_size CHECK (char_length(reason) between 1 and 300), 
	CONSTRAINT ck_manual_entry_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_manual_entry_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE membership (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	user_id UUID, 
	name TEXT NOT NULL, 
	roles TEXT[] NOT NULL, 
	staff_number TEXT, 
	left_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_membership PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_membership_user_id FOREIGN KEY(user_id) REFERENCES "user" (id), 
	CONSTRAINT uq_membership_organization_id_user_id UNIQUE (organization_id, user_id), 
	CONSTRAINT ck_membership_day_staff_roles CHECK (user_id IS NOT NULL OR roles <@ ARRAY['box_office', 'gate_supervisor']), 
	CONSTRAINT ck_membership_name_size CHECK (char_length(name) between 1 and 120), 
	CONSTRAINT ck_membership_staff_number_size CHECK (char_length(staff_number) between 0 and 12), 
	CONSTRAINT fk_membership_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE UNIQUE INDEX ux_membership_staff_number ON membership (organization_id, staff_number) WHERE staff_number IS NOT NULL;
CREATE TABLE outbox_row (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	queue TEXT NOT NULL, 
	task TEXT NOT NULL, 
	payload JSONB NOT NULL, 
	subject_id UUID, 
	actor_kind TEXT NOT NULL, 
	actor_id UUID, 
	actor_label TEXT NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	enqueued_at TIMESTAMP WITH TIME ZONE, 
	claim UUID, 
	claimed_until TIMESTAMP WITH TIME ZONE, 
	attempts INTEGER NOT NULL, 
	last_error TEXT, 
	done_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_outbox_row PRIMARY KEY (organization_id, id), 
	CONSTRAINT ck_outbox_row_queue_size CHECK (char_length(queue) between 1 and 40), 
	CONSTRAINT ck_outbox_row_task_size CHECK (char_length(task) between 1 and 200), 
	CONSTRAINT ck_outbox_row_actor_kind_size CHECK (char_length(actor_kind) between 1 and 20), 
	CONSTRAINT ck_outbox_row_actor_label_size CHECK (char_length(actor_label) between 1 and 200), 
	CONSTRAINT ck_outbox_row_last_error_size CHECK (char_length(last_error) between 0 and 500), 
	CONSTRAINT fk_outbox_row_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_outbox_row_due ON outbox_row (organization_id, due_at) WHERE done_at IS NULL;
CREATE INDEX ix_outbox_row_subject ON outbox_row (organization_id, subject_id);
CREATE TABLE sign_in (
	id UUID NOT NULL, 
	user_id UUID NOT NULL, 
	secret_hash BYTEA NOT NULL, 
	label TEXT NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_sign_in PRIMARY KEY (id), 
	CONSTRAINT fk_sign_in_user_id FOREIGN KEY(user_id) REFERENCES "user" (id), 
	CONSTRAINT uq_sign_in_secret_hash UNIQUE (secret_hash), 
	CONSTRAINT ck_sign_in_label_size CHECK (char_length(label) between 1 and 200)
);
CREATE INDEX ix_sign_in_user_id ON sign_in (user_id);
CREATE TABLE venue (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	name TEXT NOT NULL, 
	name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(name)) STORED, 
	address TEXT, 
	timezone TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	archived_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_venue PRIMARY KEY (organization_id, id), 
	CONSTRAINT ck_venue_name_size CHECK (char_length(name) between 1 and 120), 
	CONSTRAINT ck_venue_address_size CHECK (char_length(address) between 0 and 400), 
	CONSTRAINT ck_venue_timezone_size CHECK (char_length(timezone) between 1 and 60), 
	CONSTRAINT fk_venue_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE UNIQUE INDEX ux_venue_name_key ON venue (organization_id, name_key) WHERE archived_at IS NULL;
CREATE TABLE workflow_run (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	workflow TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	key TEXT NOT NULL, 
	inputs JSONB NOT NULL, 
	inputs_hash TEXT NOT NULL, 
	actor_kind TEXT NOT NULL, 
	actor_id UUID, 
	actor_label TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_workflow_run PRIMARY KEY (organization_id, id), 
	CONSTRAINT uq_workflow_run_organization_id_workflow_key UNIQUE (organization_id, workflow, key), 
	CONSTRAINT ck_workflow_run_workflow_size CHECK (char_length(workflow) between 1 and 80), 
	CONSTRAINT ck_workflow_run_key_size CHECK (char_length(key) between 1 and 200), 
	CONSTRAINT ck_workflow_run_inputs_hash_size CHECK (char_length(inputs_hash) between 1 and 64), 
	CONSTRAINT ck_workflow_run_actor_kind_size CHECK (char_length(actor_kind) between 1 and 20), 
	CONSTRAINT ck_workflow_run_actor_label_size CHECK (char_length(actor_label) between 1 and 200), 
	CONSTRAINT fk_workflow_run_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE api_token (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	membership_id UUID NOT NULL, 
	label TEXT NOT NULL, 
	role TEXT NOT NULL, 
	secret_hash BYTEA NOT NULL, 
	revoked_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_api_token PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_api_token_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES membership (organization_id, id), 
	CONSTRAINT uq_api_token_organization_id_secret_hash UNIQUE (organization_id, secret_hash), 
	CONSTRAINT ck_api_token_label_size CHECK (char_length(label) between 1 and 80), 
	CONSTRAINT ck_api_token_role_size CHECK (char_length(role) between 1 and 20), 
	CONSTRAINT fk_api_token_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_api_token_organization_id_membership_id ON api_token (organization_id, membership_id);
CREATE TABLE day_list_item (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	list_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	key TEXT, 
	reference TEXT, 
	amount_cents BIGINT NOT NULL, 
	fee_cents BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	happened_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_day_list_item PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_day_list_item_organization_id_list_id FOREIGN KEY(organization_id, list_id) REFERENCES day_list (organization_id, id), 
	CONSTRAINT uq_day_list_item_organization_id_list_id_number UNIQUE (organization_id, list_id, number), 
	CONSTRAINT ck_day_list_item_no_card_number_as_key CHECK (coalesce(key, '') !~ '^[ 0-9-]{13,23}$'), 
	CONSTRAINT ck_day_list_item_no_card_number CHECK (coalesce(reference, '') !~ '^[ 0-9-]{13,23}$'), 
	CONSTRAINT ck_day_list_item_has_a_name CHECK (key IS NOT NULL OR reference IS NOT NULL), 
	CONSTRAINT ck_day_list_item_key_size CHECK (char_length(key) between 0 and 200), 
	CONSTRAINT ck_day_list_item_reference_size CHECK (char_length(reference) between 0 and 200), 
	CONSTRAINT ck_day_list_item_currency_size CHECK (char_length(currency) between 1 and 3), 
	CONSTRAINT fk_day_list_item_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_day_list_item_organization_id_key ON day_list_item (organization_id, key);
CREATE INDEX ix_day_list_item_organization_id_reference ON day_list_item (organization_id, reference);
CREATE TABLE difference_resolution (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	list_id UUID NOT NULL, 
	difference TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_difference_resolution PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_difference_resolution_organization_id_list_id FOREIGN KEY(organization_id, list_id) REFERENCES day_list (organization_id, id), 
	CONSTRAINT uq_difference_resolution_organization_id_list_id_difference UNIQUE (organization_id, list_id, difference), 
	CONSTRAINT ck_difference_resolution_difference_size CHECK (char_length(difference) between 1 and 80), 
	CONSTRAINT ck_difference_resolution_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_difference_resolution_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_difference_resolution_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE event (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	venue_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	nature TEXT, 
	conditions TEXT, 
	currency TEXT NOT NULL, 
	rehearsal BOOLEAN NOT NULL, 
	on_sale BOOLEAN NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	archived_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_event PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_event_organization_id_venue_id FOREIGN KEY(organization_id, venue_id) REFERENCES venue (organization_id, id), 
	CONSTRAINT ck_event_currency_form CHECK (currency ~ '^[A-Z]{3}$'), 
	CONSTRAINT ck_event_name_size CHECK (char_length(name) between 1 and 120), 
	CONSTRAINT ck_event_nature_size CHECK (char_length(nature) between 0 and 120), 
	CONSTRAINT ck_event_conditions_size CHECK (char_length(conditions) between 0 and 2000), 
	CONSTRAINT ck_event_currency_size CHECK (char_length(currency) between 1 and 3), 
	CONSTRAINT fk_event_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_event_organization_id_venue_id ON event (organization_id, venue_id);
CREATE TABLE ledger_file_part (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	file_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	content BYTEA NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_ledger_file_part PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_ledger_file_part_organization_id_file_id FOREIGN KEY(organization_id, file_id) REFERENCES ledger_file (organization_id, id) ON DELETE CASCADE, 
	CONSTRAINT uq_ledger_file_part_organization_id_file_id_number UNIQUE (organization_id, file_id, number), 
	CONSTRAINT fk_ledger_file_part_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE list_settled (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	list_id UUID NOT NULL, 
	payout_cents BIGINT NOT NULL, 
	fee_cents BIGINT NOT NULL, 
	reason TEXT, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_list_settled PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_list_settled_organization_id_list_id FOREIGN KEY(organization_id, list_id) REFERENCES day_list (organization_id, id), 
	CONSTRAINT uq_list_settled_organization_id_list_id UNIQUE (organization_id, list_id), 
	CONSTRAINT ck_list_settled_fee_not_negative CHECK (fee_cents >= 0), 
	CONSTRAINT ck_list_settled_reason_size CHECK (char_length(reason) between 0 and 400), 
	CONSTRAINT ck_list_settled_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_list_settled_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE machine_total (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	machine_id UUID NOT NULL, 
	trading_day DATE NOT NULL, 
	batch_cents BIGINT NOT NULL, 
	keyed_cents BIGINT NOT NULL, 
	reason TEXT, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_machine_total PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_machine_total_organization_id_machine_id FOREIGN KEY(organization_id, machine_id) REFERENCES card_machine (organization_id, id), 
	CONSTRAINT uq_machine_total_organization_id_machine_id_trading_day UNIQUE (organization_id, machine_id, trading_day), 
	CONSTRAINT ck_machine_total_reason_size CHECK (char_length(reason) between 0 and 400), 
	CONSTRAINT ck_machine_total_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_machine_total_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE mail_end (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	mail_id UUID NOT NULL, 
	how TEXT NOT NULL, 
	reason TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_mail_end PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_mail_end_organization_id_mail_id FOREIGN KEY(organization_id, mail_id) REFERENCES mail (organization_id, id) ON DELETE CASCADE, 
	CONSTRAINT uq_mail_end_organization_id_mail_id UNIQUE (organization_id, mail_id), 
	CONSTRAINT ck_mail_end_how_words CHECK (how in ('sent', 'shown', 'failed')), 
	CONSTRAINT ck_mail_end_reason_size CHECK (char_length(reason) between 0 and 500), 
	CONSTRAINT fk_mail_end_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE run_stuck (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	run_id UUID NOT NULL, 
	direction TEXT NOT NULL, 
	step TEXT NOT NULL, 
	item INTEGER, 
	reason TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_run_stuck PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_run_stuck_organization_id_run_id FOREIGN KEY(organization_id, run_id) REFERENCES workflow_run (organization_id, id), 
	CONSTRAINT uq_run_stuck_organization_id_run_id UNIQUE (organization_id, run_id), 
	CONSTRAINT ck_run_stuck_direction_words CHECK (direction in ('forward', 'back')), 
	CONSTRAINT ck_run_stuck_step_size CHECK (char_length(step) between 1 and 80), 
	CONSTRAINT ck_run_stuck_reason_size CHECK (char_length(reason) between 1 and 500), 
	CONSTRAINT fk_run_stuck_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE staff_pin (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	membership_id UUID NOT NULL, 
	pin_hash TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_staff_pin PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_staff_pin_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES membership (organization_id, id), 
	CONSTRAINT uq_staff_pin_organization_id_membership_id UNIQUE (organization_id, membership_id), 
	CONSTRAINT ck_staff_pin_pin_hash_size CHECK (char_length(pin_hash) between 1 and 200), 
	CONSTRAINT fk_staff_pin_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE till (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	venue_id UUID, 
	name TEXT NOT NULL, 
	prefix TEXT NOT NULL, 
	token_hash BYTEA, 
	paired_at TIMESTAMP WITH TIME ZONE, 
	browser TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	archived_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_till PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_till_organization_id_venue_id FOREIGN KEY(organization_id, venue_id) REFERENCES venue (organization_id, id) ON DELETE SET NULL (venue_id), 
	CONSTRAINT uq_till_organization_id_prefix UNIQUE (organization_id, prefix), 
	CONSTRAINT ck_till_prefix_form CHECK (prefix ~ '^[A-Z0-9]{1,6}$'), 
	CONSTRAINT ck_till_name_size CHECK (char_length(name) between 1 and 80), 
	CONSTRAINT ck_till_prefix_size CHECK (char_length(prefix) between 1 and 6), 
	CONSTRAINT ck_till_browser_size CHECK (char_length(browser) between 0 and 200), 
	CONSTRAINT fk_till_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_till_organization_id_venue_id ON till (organization_id, venue_id);
CREATE UNIQUE INDEX ux_till_token_hash ON till (organization_id, token_hash) WHERE token_hash IS NOT NULL;
CREATE TABLE webhook (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	event_key TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	charge_key TEXT, 
	body JSONB NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_webhook PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_webhook_organization_id_account_id FOREIGN KEY(organization_id, account_id) REFERENCES gateway_account (organization_id, id), 
	CONSTRAINT uq_webhook_organization_id_account_id_event_key UNIQUE (organization_id, account_id, event_key), 
	CONSTRAINT ck_webhook_event_key_size CHECK (char_length(event_key) between 1 and 200), 
	CONSTRAINT ck_webhook_kind_size CHECK (char_length(kind) between 1 and 80), 
	CONSTRAINT ck_webhook_charge_key_size CHECK (char_length(charge_key) between 0 and 120), 
	CONSTRAINT fk_webhook_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE workflow_outcome (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	run_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	results JSONB, 
	step TEXT, 
	reason TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_workflow_outcome PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_workflow_outcome_organization_id_run_id FOREIGN KEY(organization_id, run_id) REFERENCES workflow_run (organization_id, id), 
	CONSTRAINT uq_workflow_outcome_organization_id_run_id UNIQUE (organization_id, run_id), 
	CONSTRAINT ck_workflow_outcome_kind_words CHECK (kind in ('done', 'failed')), 
	CONSTRAINT ck_workflow_outcome_step_size CHECK (char_length(step) between 0 and 80), 
	CONSTRAINT ck_workflow_outcome_reason_size CHECK (char_length(reason) between 0 and 500), 
	CONSTRAINT fk_workflow_outcome_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE workflow_step (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	run_id UUID NOT NULL, 
	position INTEGER NOT NULL, 
	step TEXT NOT NULL, 
	item INTEGER, 
	kind TEXT NOT NULL, 
	attempt INTEGER NOT NULL, 
	result JSONB, 
	reason TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_workflow_step PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_workflow_step_organization_id_run_id FOREIGN KEY(organization_id, run_id) REFERENCES workflow_run (organization_id, id), 
	CONSTRAINT uq_workflow_step_organization_id_run_id_position UNIQUE (organization_id, run_id, position), 
	CONSTRAINT ck_workflow_step_step_size CHECK (char_length(step) between 1 and 80), 
	CONSTRAINT ck_workflow_step_kind_words CHECK (kind in ('intent', 'pending', 'done', 'retry', 'asked', 'failed', 'refused', 'undone', 'undo_failed')), 
	CONSTRAINT ck_workflow_step_reason_size CHECK (char_length(reason) between 0 and 500), 
	CONSTRAINT fk_workflow_step_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE zone (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	venue_id UUID NOT NULL, 
	parent_id UUID, 
	name TEXT NOT NULL, 
	name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(name)) STORED, 
	capacity INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	archived_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_zone PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_zone_organization_id_venue_id FOREIGN KEY(organization_id, venue_id) REFERENCES venue (organization_id, id), 
	CONSTRAINT fk_zone_organization_id_parent_id FOREIGN KEY(organization_id, parent_id) REFERENCES zone (organization_id, id) ON DELETE SET NULL (parent_id), 
	CONSTRAINT ck_zone_capacity_is_people CHECK (capacity >= 0), 
	CONSTRAINT ck_zone_parent_is_another CHECK (parent_id <> id), 
	CONSTRAINT ck_zone_name_size CHECK (char_length(name) between 1 and 120), 
	CONSTRAINT fk_zone_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_zone_organization_id_parent_id ON zone (organization_id, parent_id);
CREATE INDEX ix_zone_organization_id_venue_id ON zone (organization_id, venue_id);
CREATE UNIQUE INDEX ux_zone_venue_id_name_key ON zone (organization_id, venue_id, name_key) WHERE archived_at IS NULL;
CREATE TABLE account (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	till_id UUID, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_account PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_account_organization_id_till_id FOREIGN KEY(organization_id, till_id) REFERENCES till (organization_id, id) ON DELETE SET NULL (till_id), 
	CONSTRAINT ck_account_code_size CHECK (char_length(code) between 1 and 20), 
	CONSTRAINT ck_account_name_size CHECK (char_length(name) between 1 and 120), 
	CONSTRAINT ck_account_kind_words CHECK (kind in ('asset', 'liability', 'income', 'expense')), 
	CONSTRAINT ck_account_currency_size CHECK (char_length(currency) between 1 and 3), 
	CONSTRAINT fk_account_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_account_organization_id_till_id ON account (organization_id, till_id);
CREATE UNIQUE INDEX ux_account_code_currency ON account (organization_id, code, currency) WHERE till_id IS NULL;
CREATE UNIQUE INDEX ux_account_code_currency_till_id ON account (organization_id, code, currency, till_id) WHERE till_id IS NOT NULL;
CREATE TABLE cancellation_charge (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	days_before INTEGER NOT NULL, 
	percent_bp INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_cancellation_charge PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_cancellation_charge_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT uq_cancellation_charge_organization_id_event_id_days_before UNIQUE (organization_id, event_id, days_before), 
	CONSTRAINT ck_cancellation_charge_days_not_negative CHECK (days_before BETWEEN 0 AND 3650), 
	CONSTRAINT ck_cancellation_charge_a_share CHECK (percent_bp BETWEEN 0 AND 10000), 
	CONSTRAINT fk_cancellation_charge_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE checkout (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	customer_id UUID, 
	key UUID NOT NULL, 
	channel TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	total_cents BIGINT NOT NULL, 
	fees_cents BIGINT NOT NULL, 
	seller_id UUID, 
	seller_label TEXT NOT NULL, 
	number INTEGER, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_checkout PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_checkout_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_checkout_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customer (organization_id, id) ON DELETE SET NULL (customer_id), 
	CONSTRAINT uq_checkout_organization_id_key UNIQUE (organization_id, key), 
	CONSTRAINT ck_checkout_comps_are_free CHECK (channel <> 'comp' OR total_cents = 0), 
	CONSTRAINT ck_checkout_channel_words CHECK (channel in ('till', 'api', 'group', 'comp')), 
	CONSTRAINT ck_checkout_currency_size CHECK (char_length(currency) between 1 and 3), 
	CONSTRAINT ck_checkout_seller_label_size CHECK (char_length(seller_label) between 1 and 400), 
	CONSTRAINT fk_checkout_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_checkout_organization_id_customer_id ON checkout (organization_id, customer_id);
CREATE INDEX ix_checkout_organization_id_event_id ON checkout (organization_id, event_id);
CREATE UNIQUE INDEX ux_checkout_event_id_number ON checkout (organization_id, event_id, number) WHERE number IS NOT NULL;
CREATE TABLE checkout_series (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	next INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_checkout_series PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_checkout_series_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT uq_checkout_series_organization_id_event_id UNIQUE (organization_id, event_id), 
	CONSTRAINT fk_checkout_series_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE comp_count (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	giver_id UUID NOT NULL, 
	given INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_comp_count PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_comp_count_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT uq_comp_count_organization_id_event_id_giver_id UNIQUE (organization_id, event_id, giver_id), 
	CONSTRAINT fk_comp_count_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE day (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	number SMALLINT NOT NULL, 
	date DATE NOT NULL, 
	doors_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_day PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_day_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT uq_day_organization_id_event_id_number UNIQUE (organization_id, event_id, number), 
	CONSTRAINT uq_day_organization_id_event_id_date UNIQUE (organization_id, event_id, date), 
	CONSTRAINT ck_day_number_fits_the_code CHECK (number BETWEEN 0 AND 15), 
	CONSTRAINT ck_day_in_order CHECK (doors_at <= starts_at AND starts_at < ends_at), 
	CONSTRAINT fk_day_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE entry_stop (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	zone_id UUID, 
	stopped_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	stopped_by TEXT NOT NULL, 
	resumed_at TIMESTAMP WITH TIME ZONE, 
	resumed_by TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_entry_stop PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_entry_stop_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_entry_stop_organization_id_zone_id FOREIGN KEY(organization_id, zone_id) REFERENCES zone (organization_id, id) ON DELETE SET NULL (zone_id), 
	CONSTRAINT ck_entry_stop_resumed_by_somebody CHECK ((resumed_at IS NULL) = (resumed_by IS NULL)), 
	CONSTRAINT ck_entry_stop_stopped_by_size CHECK (char_length(stopped_by) between 1 and 400), 
	CONSTRAINT ck_entry_stop_resumed_by_size CHECK (char_length(resumed_by) between 0 and 400), 
	CONSTRAINT fk_entry_stop_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_entry_stop_organization_id_event_id ON entry_stop (organization_id, event_id);
CREATE INDEX ix_entry_stop_organization_id_zone_id ON entry_stop (organization_id, zone_id);
CREATE UNIQUE INDEX ux_entry_stop_event_id ON entry_stop (organization_id, event_id) WHERE resumed_at IS NULL AND zone_id IS NULL;
CREATE UNIQUE INDEX ux_entry_stop_event_id_zone_id ON entry_stop (organization_id, event_id, zone_id) WHERE resumed_at IS NULL;
CREATE TABLE fee (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(name)) STORED, 
	per TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	percent_bp INTEGER NOT NULL, 
	amount_cents BIGINT NOT NULL, 
	vat_rate_bp INTEGER NOT NULL, 
	channel TEXT NOT NULL, 
	kept BOOLEAN NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	archived_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_fee PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_fee_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT ck_fee_some CHECK ((kind = 'percent') = (percent_bp BETWEEN 1 AND 10000) AND (kind = 'amount') = (amount_cents > 0)), 
	CONSTRAINT ck_fee_a_rate CHECK (vat_rate_bp BETWEEN 0 AND 10000), 
	CONSTRAINT ck_fee_name_size CHECK (char_length(name) between 1 and 80), 
	CONSTRAINT ck_fee_per_words CHECK (per in ('ticket', 'sale')), 
	CONSTRAINT ck_fee_kind_words CHECK (kind in ('percent', 'amount')), 
	CONSTRAINT ck_fee_channel_words CHECK (channel in ('both', 'till', 'api')), 
	CONSTRAINT fk_fee_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_fee_organization_id_event_id ON fee (organization_id, event_id);
CREATE UNIQUE INDEX ux_fee_event_id_name_key ON fee (organization_id, event_id, name_key) WHERE archived_at IS NULL;
CREATE TABLE gate (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	venue_id UUID NOT NULL, 
	from_id UUID, 
	into_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(name)) STORED, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	archived_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_gate PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_gate_organization_id_venue_id FOREIGN KEY(organization_id, venue_id) REFERENCES venue (organization_id, id), 
	CONSTRAINT fk_gate_organization_id_from_id FOREIGN KEY(organization_id, from_id) REFERENCES zone (organization_id, id) ON DELETE SET NULL (from_id), 
	CONSTRAINT fk_gate_organization_id_into_id FOREIGN KEY(organization_id, into_id) REFERENCES zone (organization_id, id), 
	CONSTRAINT ck_gate_leads_somewhere CHECK (into_id IS NOT NULL AND into_id IS DISTINCT FROM from_id), 
	CONSTRAINT ck_gate_name_size CHECK (char_length(name) between 1 and 120), 
	CONSTRAINT fk_gate_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_gate_organization_id_from_id ON gate (organization_id, from_id);
CREATE INDEX ix_gate_organization_id_into_id ON gate (organization_id, into_id);
CREATE INDEX ix_gate_organization_id_venue_id ON gate (organization_id, venue_id);
CREATE UNIQUE INDEX ux_gate_venue_id_name_key ON gate (organization_id, venue_id, name_key) WHERE archived_at IS NULL;
CREATE TABLE number_series (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	till_id UUID, 
	kind TEXT NOT NULL, 
	next INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_number_series PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_number_series_organization_id_till_id FOREIGN KEY(organization_id, till_id) REFERENCES till (organization_id, id) ON DELETE SET NULL (till_id), 
	CONSTRAINT ck_number_series_kind_size CHECK (char_length(kind) between 1 and 20), 
	CONSTRAINT fk_number_series_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_number_series_organization_id_till_id ON number_series (organization_id, till_id);
CREATE UNIQUE INDEX ux_number_series_kind ON number_series (organization_id, kind) WHERE till_id IS NULL;
CREATE UNIQUE INDEX ux_number_series_till_id_kind ON number_series (organization_id, till_id, kind) WHERE till_id IS NOT NULL;
CREATE TABLE pepper (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	secret_sealed BYTEA NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_pepper PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_pepper_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT uq_pepper_organization_id_event_id UNIQUE (organization_id, event_id), 
	CONSTRAINT fk_pepper_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE shift (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	till_id UUID NOT NULL, 
	membership_id UUID NOT NULL, 
	person TEXT NOT NULL, 
	currency TEXT NOT NULL, 
	timezone TEXT NOT NULL, 
	trading_day DATE NOT NULL, 
	float_cents BIGINT NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_shift PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_shift_organization_id_till_id FOREIGN KEY(organization_id, till_id) REFERENCES till (organization_id, id), 
	CONSTRAINT fk_shift_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES membership (organization_id, id), 
	CONSTRAINT ck_shift_float_not_negative CHECK (float_cents >= 0), 
	CONSTRAINT ck_shift_person_size CHECK (char_length(person) between 1 and 120), 
	CONSTRAINT ck_shift_currency_size CHECK (char_length(currency) between 1 and 3), 
	CONSTRAINT ck_shift_timezone_size CHECK (char_length(timezone) between 1 and 60), 
	CONSTRAINT fk_shift_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_shift_organization_id_membership_id ON shift (organization_id, membership_id);
CREATE INDEX ix_shift_organization_id_till_id ON shift (organization_id, till_id);
CREATE INDEX ix_shift_organization_id_trading_day ON shift (organization_id, trading_day);
CREATE UNIQUE INDEX ux_shift_membership_id ON shift (organization_id, membership_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX ux_shift_till_id ON shift (organization_id, till_id) WHERE closed_at IS NULL;
CREATE TABLE signing_key (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	number BIGINT NOT NULL, 
	public_key BYTEA NOT NULL, 
	private_key_sealed BYTEA NOT NULL, 
	retired_at TIMESTAMP WITH TIME ZONE, 
	revoked_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_signing_key PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_signing_key_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT uq_signing_key_organization_id_number UNIQUE (organization_id, number), 
	CONSTRAINT ck_signing_key_number_is_32_bits CHECK (number BETWEEN 1 AND 4294967295), 
	CONSTRAINT fk_signing_key_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_signing_key_organization_id_event_id ON signing_key (organization_id, event_id);
CREATE UNIQUE INDEX ux_signing_key_event_id ON signing_key (organization_id, event_id) WHERE retired_at IS NULL AND revoked_at IS NULL;
CREATE TABLE ticket_series (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	prefix TEXT NOT NULL, 
	next INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_ticket_series PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_ticket_series_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT uq_ticket_series_organization_id_event_id UNIQUE (organization_id, event_id), 
	CONSTRAINT uq_ticket_series_organization_id_prefix UNIQUE (organization_id, prefix), 
	CONSTRAINT ck_ticket_series_prefix_size CHECK (char_length(prefix) between 1 and 6), 
	CONSTRAINT fk_ticket_series_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE ticket_type (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	number SMALLINT NOT NULL, 
	name TEXT NOT NULL, 
	name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(name)) STORED, 
	price_cents BIGINT NOT NULL, 
	vat_rate_bp INTEGER NOT NULL, 
	bodies SMALLINT NOT NULL, 
	per_checkout_max INTEGER NOT NULL, 
	sales_from TIMESTAMP WITH TIME ZONE, 
	sales_until TIMESTAMP WITH TIME ZONE, 
	reentry TEXT NOT NULL, 
	reentry_until TEXT, 
	reentry_entries SMALLINT NOT NULL, 
	group_min SMALLINT NOT NULL, 
	gate_pass BOOLEAN NOT NULL, 
	valid_from TEXT, 
	valid_until TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	archived_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_ticket_type PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_ticket_type_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT uq_ticket_type_organization_id_event_id_number UNIQUE (organization_id, event_id, number), 
	CONSTRAINT ck_ticket_type_number_fits_the_code CHECK (number BETWEEN 1 AND 255), 
	CONSTRAINT ck_ticket_type_price_is_not_negative CHECK (price_cents BETWEEN 0 AND 100000000), 
	CONSTRAINT ck_ticket_type_bodies_fit_the_code CHECK (bodies BETWEEN 1 AND 200), 
	CONSTRAINT ck_ticket_type_rate_is_a_rate CHECK (vat_rate_bp BETWEEN 0 AND 10000), 
	CONSTRAINT ck_ticket_type_window_in_order CHECK (sales_from IS NULL OR sales_until IS NULL OR sales_from < sales_until), 
	CONSTRAINT ck_ticket_type_until_a_time CHECK ((reentry = 'until') = (reentry_until IS NOT NULL)), 
	CONSTRAINT ck_ticket_type_time_of_day CHECK (reentry_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'), 
	CONSTRAINT ck_ticket_type_gate_passes_are_not_sold CHECK (NOT gate_pass OR (price_cents = 0 AND archived_at IS NOT NULL)), 
	CONSTRAINT ck_ticket_type_valid_from_a_time CHECK (valid_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'), 
	CONSTRAINT ck_ticket_type_valid_until_a_time CHECK (valid_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'), 
	CONSTRAINT ck_ticket_type_valid_for_a_while CHECK (valid_from <> valid_until), 
	CONSTRAINT ck_ticket_type_some_entries CHECK (reentry_entries BETWEEN 1 AND 100), 
	CONSTRAINT ck_ticket_type_group_is_of_the_ticket CHECK (group_min BETWEEN 1 AND bodies), 
	CONSTRAINT ck_ticket_type_maximum_is_some CHECK (per_checkout_max BETWEEN 1 AND 200), 
	CONSTRAINT ck_ticket_type_name_size CHECK (char_length(name) between 1 and 120), 
	CONSTRAINT ck_ticket_type_reentry_words CHECK (reentry in ('none', 'free', 'until', 'entries', 'daily')), 
	CONSTRAINT ck_ticket_type_reentry_until_size CHECK (char_length(reentry_until) between 0 and 5), 
	CONSTRAINT ck_ticket_type_valid_from_size CHECK (char_length(valid_from) between 0 and 5), 
	CONSTRAINT ck_ticket_type_valid_until_size CHECK (char_length(valid_until) between 0 and 5), 
	CONSTRAINT fk_ticket_type_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE UNIQUE INDEX ux_ticket_type_event_id_name_key ON ticket_type (organization_id, event_id, name_key) WHERE archived_at IS NULL;
CREATE TABLE till_pairing (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	till_id UUID NOT NULL, 
	selector TEXT NOT NULL, 
	secret_hash BYTEA NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	tries SMALLINT NOT NULL, 
	used_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_till_pairing PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_till_pairing_organization_id_till_id FOREIGN KEY(organization_id, till_id) REFERENCES till (organization_id, id), 
	CONSTRAINT uq_till_pairing_organization_id_selector UNIQUE (organization_id, selector), 
	CONSTRAINT ck_till_pairing_selector_size CHECK (char_length(selector) between 1 and 8), 
	CONSTRAINT fk_till_pairing_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_till_pairing_organization_id_till_id ON till_pairing (organization_id, till_id);
CREATE TABLE till_sign_in (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	till_id UUID NOT NULL, 
	membership_id UUID NOT NULL, 
	secret_hash BYTEA NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	locked_at TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_till_sign_in PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_till_sign_in_organization_id_till_id FOREIGN KEY(organization_id, till_id) REFERENCES till (organization_id, id), 
	CONSTRAINT fk_till_sign_in_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES membership (organization_id, id), 
	CONSTRAINT uq_till_sign_in_organization_id_secret_hash UNIQUE (organization_id, secret_hash), 
	CONSTRAINT fk_till_sign_in_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_till_sign_in_organization_id_membership_id ON till_sign_in (organization_id, membership_id);
CREATE INDEX ix_till_sign_in_organization_id_till_id ON till_sign_in (organization_id, till_id);
CREATE TABLE webhook_applied (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	webhook_id UUID NOT NULL, 
	result TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_webhook_applied PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_webhook_applied_organization_id_webhook_id FOREIGN KEY(organization_id, webhook_id) REFERENCES webhook (organization_id, id), 
	CONSTRAINT ck_webhook_applied_result_size CHECK (char_length(result) between 1 and 400), 
	CONSTRAINT fk_webhook_applied_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_webhook_applied_organization_id_webhook_id ON webhook_applied (organization_id, webhook_id);
CREATE TABLE cash_count (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	shift_id UUID NOT NULL, 
	number SMALLINT NOT NULL, 
	counted_cents BIGINT NOT NULL, 
	pieces JSONB NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_cash_count PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_cash_count_organization_id_shift_id FOREIGN KEY(organization_id, shift_id) REFERENCES shift (organization_id, id), 
	CONSTRAINT uq_cash_count_organization_id_shift_id_number UNIQUE (organization_id, shift_id, number), 
	CONSTRAINT ck_cash_count_one_recount CHECK (number BETWEEN 0 AND 2), 
	CONSTRAINT ck_cash_count_not_negative CHECK (counted_cents >= 0), 
	CONSTRAINT ck_cash_count_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_cash_count_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE cash_move (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	shift_id UUID NOT NULL, 
	key UUID NOT NULL, 
	kind TEXT NOT NULL, 
	amount_cents BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_cash_move PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_cash_move_organization_id_shift_id FOREIGN KEY(organization_id, shift_id) REFERENCES shift (organization_id, id), 
	CONSTRAINT uq_cash_move_organization_id_key UNIQUE (organization_id, key), 
	CONSTRAINT ck_cash_move_some_amount CHECK (amount_cents > 0), 
	CONSTRAINT ck_cash_move_kind_words CHECK (kind in ('banked', 'paid_out', 'added')), 
	CONSTRAINT ck_cash_move_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_cash_move_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_cash_move_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_cash_move_organization_id_shift_id ON cash_move (organization_id, shift_id);
CREATE TABLE charge (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	attempt SMALLINT NOT NULL, 
	tender SMALLINT NOT NULL, 
	gateway TEXT NOT NULL, 
	account_id UUID, 
	machine_id UUID, 
	shift_id UUID, 
	key TEXT NOT NULL, 
	amount_cents BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	reference TEXT, 
	method_sealed BYTEA, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_charge PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_charge_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT fk_charge_organization_id_account_id FOREIGN KEY(organization_id, account_id) REFERENCES gateway_account (organization_id, id) ON DELETE SET NULL (account_id), 
	CONSTRAINT fk_charge_organization_id_machine_id FOREIGN KEY(organization_id, machine_id) REFERENCES card_machine (organization_id, id) ON DELETE SET NULL (machine_id), 
	CONSTRAINT fk_charge_organization_id_shift_id FOREIGN KEY(organization_id, shift_id) REFERENCES shift (organization_id, id) ON DELETE SET NULL (shift_id), 
	CONSTRAINT uq_charge_organization_id_key UNIQUE (organization_id, key), 
	CONSTRAINT uq_charge_organization_id_checkout_id_attempt_tender UNIQUE (organization_id, checkout_id, attempt, tender), 
	CONSTRAINT ck_charge_some_amount CHECK (amount_cents > 0), 
	CONSTRAINT ck_charge_no_card_number CHECK (reference IS NULL OR reference !~ '^[ 0-9-]{13,23}$'), 
	CONSTRAINT ck_charge_gateway_words CHECK (gateway in ('cash', 'card', 'stripe', 'paystack', 'credit')), 
	CONSTRAINT ck_charge_key_size CHECK (char_length(key) between 1 and 120), 
	CONSTRAINT ck_charge_currency_size CHECK (char_length(currency) between 1 and 3), 
	CONSTRAINT ck_charge_reference_size CHECK (char_length(reference) between 0 and 120), 
	CONSTRAINT fk_charge_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_charge_organization_id_account_id ON charge (organization_id, account_id);
CREATE INDEX ix_charge_organization_id_machine_id ON charge (organization_id, machine_id);
CREATE INDEX ix_charge_organization_id_shift_id ON charge (organization_id, shift_id);
CREATE TABLE checkout_attempt (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	run_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_checkout_attempt PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_checkout_attempt_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT uq_checkout_attempt_organization_id_checkout_id_number UNIQUE (organization_id, checkout_id, number), 
	CONSTRAINT uq_checkout_attempt_organization_id_run_id UNIQUE (organization_id, run_id), 
	CONSTRAINT fk_checkout_attempt_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE checkout_line (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	ticket_type_id UUID NOT NULL, 
	quantity INTEGER NOT NULL, 
	unit_cents BIGINT NOT NULL, 
	discount_cents BIGINT NOT NULL, 
	total_cents BIGINT NOT NULL, 
	vat_rate_bp INTEGER NOT NULL, 
	vat_cents BIGINT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_checkout_line PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_checkout_line_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT fk_checkout_line_organization_id_ticket_type_id FOREIGN KEY(organization_id, ticket_type_id) REFERENCES ticket_type (organization_id, id), 
	CONSTRAINT ck_checkout_line_some CHECK (quantity > 0), 
	CONSTRAINT fk_checkout_line_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_checkout_line_organization_id_checkout_id ON checkout_line (organization_id, checkout_id);
CREATE INDEX ix_checkout_line_organization_id_ticket_type_id ON checkout_line (organization_id, ticket_type_id);
CREATE TABLE checkout_outcome (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	run_id UUID, 
	reason TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_checkout_outcome PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_checkout_outcome_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT uq_checkout_outcome_organization_id_checkout_id UNIQUE (organization_id, checkout_id), 
	CONSTRAINT ck_checkout_outcome_kind_words CHECK (kind in ('paid', 'failed', 'abandoned')), 
	CONSTRAINT ck_checkout_outcome_reason_size CHECK (char_length(reason) between 0 and 400), 
	CONSTRAINT fk_checkout_outcome_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE clerk_discount (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	percent INTEGER, 
	off_cents BIGINT NOT NULL, 
	before_cents BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	actor_id UUID, 
	approved_by TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_clerk_discount PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_clerk_discount_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT uq_clerk_discount_organization_id_checkout_id UNIQUE (organization_id, checkout_id), 
	CONSTRAINT ck_clerk_discount_some CHECK (off_cents > 0 AND off_cents <= before_cents AND (percent IS NULL OR percent BETWEEN 1 AND 100)), 
	CONSTRAINT ck_clerk_discount_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_clerk_discount_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT ck_clerk_discount_approved_by_size CHECK (char_length(approved_by) between 0 and 120), 
	CONSTRAINT fk_clerk_discount_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE comp (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	ticket_type_id UUID NOT NULL, 
	quantity INTEGER NOT NULL, 
	purpose TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	how TEXT NOT NULL, 
	giver_id UUID, 
	giver TEXT NOT NULL, 
	approver_id UUID, 
	approver TEXT, 
	own_total INTEGER, 
	own_limit INTEGER, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_comp PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_comp_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_comp_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT fk_comp_organization_id_ticket_type_id FOREIGN KEY(organization_id, ticket_type_id) REFERENCES ticket_type (organization_id, id), 
	CONSTRAINT uq_comp_organization_id_checkout_id UNIQUE (organization_id, checkout_id), 
	CONSTRAINT ck_comp_some CHECK (quantity BETWEEN 1 AND 200), 
	CONSTRAINT ck_comp_within_limit CHECK ((how = 'own') = (own_total IS NOT NULL) AND (how = 'own') = (own_limit IS NOT NULL) AND coalesce(own_total <= own_limit AND quantity <= own_total AND giver_id IS NOT NULL, true)), 
	CONSTRAINT ck_comp_approved_by_somebody CHECK ((how = 'approved') = (approver IS NOT NULL)), 
	CONSTRAINT ck_comp_purpose_words CHECK (purpose in ('guest', 'press', 'performer', 'sponsor', 'competition', 'staff', 'goodwill', 'other')), 
	CONSTRAINT ck_comp_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_comp_how_words CHECK (how in ('own', 'approved', 'freely')), 
	CONSTRAINT ck_comp_giver_size CHECK (char_length(giver) between 1 and 400), 
	CONSTRAINT ck_comp_approver_size CHECK (char_length(approver) between 0 and 400), 
	CONSTRAINT fk_comp_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_comp_organization_id_event_id ON comp (organization_id, event_id);
CREATE INDEX ix_comp_organization_id_ticket_type_id ON comp (organization_id, ticket_type_id);
CREATE UNIQUE INDEX ux_comp_event_id_giver_id_own_total ON comp (organization_id, event_id, giver_id, own_total) WHERE own_total IS NOT NULL;
CREATE TABLE day_code (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	day_id UUID NOT NULL, 
	code_sealed BYTEA NOT NULL, 
	key_sealed BYTEA NOT NULL, 
	made_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_day_code PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_day_code_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_day_code_organization_id_day_id FOREIGN KEY(organization_id, day_id) REFERENCES day (organization_id, id), 
	CONSTRAINT ck_day_code_made_by_size CHECK (char_length(made_by) between 1 and 400), 
	CONSTRAINT fk_day_code_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_day_code_organization_id_day_id ON day_code (organization_id, day_id);
CREATE INDEX ix_day_code_organization_id_event_id_day_id ON day_code (organization_id, event_id, day_id);
CREATE TABLE day_end (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	day_id UUID NOT NULL, 
	effective_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	written_in BIGINT DEFAULT (pg_current_xact_id()::text)::bigint NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_day_end PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_day_end_organization_id_day_id FOREIGN KEY(organization_id, day_id) REFERENCES day (organization_id, id), 
	CONSTRAINT uq_day_end_organization_id_day_id UNIQUE (organization_id, day_id), 
	CONSTRAINT fk_day_end_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE day_total (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	day DATE NOT NULL, 
	account_id UUID NOT NULL, 
	debit_cents BIGINT NOT NULL, 
	credit_cents BIGINT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_day_total PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_day_total_organization_id_account_id FOREIGN KEY(organization_id, account_id) REFERENCES account (organization_id, id), 
	CONSTRAINT uq_day_total_organization_id_day_account_id UNIQUE (organization_id, day, account_id), 
	CONSTRAINT ck_day_total_sides_not_negative CHECK (debit_cents >= 0 AND credit_cents >= 0), 
	CONSTRAINT fk_day_total_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_day_total_organization_id_account_id ON day_total (organization_id, account_id);
CREATE TABLE device (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	gate_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	spare BOOLEAN NOT NULL, 
	token_hash BYTEA NOT NULL, 
	last_heard_at TIMESTAMP WITH TIME ZONE, 
	unsent INTEGER NOT NULL, 
	battery INTEGER, 
	app_version TEXT, 
	clock_offset_ms INTEGER NOT NULL, 
	bundle_version TEXT, 
	bundle_made_at TIMESTAMP WITH TIME ZONE, 
	address TEXT, 
	retiring_at TIMESTAMP WITH TIME ZONE, 
	stops_known INTEGER NOT NULL, 
	retired_at TIMESTAMP WITH TIME ZONE, 
	lost_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_device PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_device_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_device_organization_id_gate_id FOREIGN KEY(organization_id, gate_id) REFERENCES gate (organization_id, id), 
	CONSTRAINT uq_device_organization_id_token_hash UNIQUE (organization_id, token_hash), 
	CONSTRAINT ck_device_name_size CHECK (char_length(name) between 1 and 80), 
	CONSTRAINT ck_device_role_words CHECK (role in ('steward', 'supervisor', 'turnstile')), 
	CONSTRAINT ck_device_app_version_size CHECK (char_length(app_version) between 0 and 40), 
	CONSTRAINT ck_device_bundle_version_size CHECK (char_length(bundle_version) between 0 and 200), 
	CONSTRAINT ck_device_address_size CHECK (char_length(address) between 0 and 400), 
	CONSTRAINT fk_device_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_device_organization_id_event_id ON device (organization_id, event_id);
CREATE INDEX ix_device_organization_id_gate_id ON device (organization_id, gate_id);
CREATE TABLE discount (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	ticket_type_id UUID, 
	code TEXT NOT NULL, 
	code_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(code)) STORED, 
	kind TEXT NOT NULL, 
	percent INTEGER NOT NULL, 
	amount_cents BIGINT NOT NULL, 
	valid_from TIMESTAMP WITH TIME ZONE, 
	valid_until TIMESTAMP WITH TIME ZONE, 
	uses_most INTEGER, 
	uses INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	archived_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_discount PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_discount_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_discount_organization_id_ticket_type_id FOREIGN KEY(organization_id, ticket_type_id) REFERENCES ticket_type (organization_id, id) ON DELETE SET NULL (ticket_type_id), 
	CONSTRAINT uq_discount_organization_id_event_id_code_key UNIQUE (organization_id, event_id, code_key), 
	CONSTRAINT ck_discount_some CHECK ((kind = 'percent') = (percent BETWEEN 1 AND 100) AND (kind <> 'percent') = (amount_cents > 0)), 
	CONSTRAINT ck_discount_never_above_most CHECK (uses >= 0 AND (uses_most IS NULL OR uses <= uses_most)), 
	CONSTRAINT ck_discount_window_in_order CHECK (valid_from IS NULL OR valid_until IS NULL OR valid_from < valid_until), 
	CONSTRAINT ck_discount_code_size CHECK (char_length(code) between 1 and 40), 
	CONSTRAINT ck_discount_kind_words CHECK (kind in ('percent', 'amount', 'sale')), 
	CONSTRAINT fk_discount_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_discount_organization_id_ticket_type_id ON discount (organization_id, ticket_type_id);
CREATE TABLE drawer_opening (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	shift_id UUID NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_drawer_opening PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_drawer_opening_organization_id_shift_id FOREIGN KEY(organization_id, shift_id) REFERENCES shift (organization_id, id), 
	CONSTRAINT ck_drawer_opening_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_drawer_opening_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_drawer_opening_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_drawer_opening_organization_id_shift_id ON drawer_opening (organization_id, shift_id);
CREATE TABLE gate_pass_count (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	day_id UUID NOT NULL, 
	giver_id UUID NOT NULL, 
	given INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_gate_pass_count PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_gate_pass_count_organization_id_day_id FOREIGN KEY(organization_id, day_id) REFERENCES day (organization_id, id), 
	CONSTRAINT uq_gate_pass_count_organization_id_day_id_giver_id UNIQUE (organization_id, day_id, giver_id), 
	CONSTRAINT fk_gate_pass_count_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE group_sale (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	group_name TEXT NOT NULL, 
	address TEXT, 
	vat_number TEXT, 
	names JSONB, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_group_sale PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_group_sale_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT uq_group_sale_organization_id_checkout_id UNIQUE (organization_id, checkout_id), 
	CONSTRAINT ck_group_sale_group_name_size CHECK (char_length(group_name) between 1 and 160), 
	CONSTRAINT ck_group_sale_address_size CHECK (char_length(address) between 0 and 400), 
	CONSTRAINT ck_group_sale_vat_number_size CHECK (char_length(vat_number) between 0 and 20), 
	CONSTRAINT fk_group_sale_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE hold (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_hold PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_hold_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT fk_hold_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_hold_organization_id_checkout_id ON hold (organization_id, checkout_id);
CREATE INDEX ix_hold_organization_id_expires_at ON hold (organization_id, expires_at);
CREATE TABLE invoice (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	till_id UUID, 
	kind TEXT NOT NULL, 
	prefix TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	supplier_name TEXT NOT NULL, 
	supplier_address TEXT, 
	supplier_vat_number TEXT, 
	total_cents BIGINT NOT NULL, 
	vat_cents BIGINT NOT NULL, 
	recipient_due TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_invoice PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_invoice_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT fk_invoice_organization_id_till_id FOREIGN KEY(organization_id, till_id) REFERENCES till (organization_id, id) ON DELETE SET NULL (till_id), 
	CONSTRAINT uq_invoice_organization_id_checkout_id UNIQUE (organization_id, checkout_id), 
	CONSTRAINT ck_invoice_some_amount CHECK (total_cents > 0), 
	CONSTRAINT ck_invoice_no_vat_on_a_receipt CHECK (kind = 'tax_invoice' OR vat_cents = 0), 
	CONSTRAINT ck_invoice_kind_words CHECK (kind in ('tax_invoice', 'receipt')), 
	CONSTRAINT ck_invoice_prefix_size CHECK (char_length(prefix) between 1 and 8), 
	CONSTRAINT ck_invoice_supplier_name_size CHECK (char_length(supplier_name) between 1 and 120), 
	CONSTRAINT ck_invoice_supplier_address_size CHECK (char_length(supplier_address) between 0 and 400), 
	CONSTRAINT ck_invoice_supplier_vat_number_size CHECK (char_length(supplier_vat_number) between 0 and 20), 
	CONSTRAINT fk_invoice_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_invoice_organization_id_till_id ON invoice (organization_id, till_id);
CREATE UNIQUE INDEX ux_invoice_kind_number ON invoice (organization_id, kind, number) WHERE till_id IS NULL;
CREATE UNIQUE INDEX ux_invoice_till_id_kind_number ON invoice (organization_id, till_id, kind, number) WHERE till_id IS NOT NULL;
CREATE TABLE journal_entry (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	source_kind TEXT NOT NULL, 
	source_id UUID NOT NULL, 
	occurred_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	trading_day DATE NOT NULL, 
	words TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	shift_id UUID, 
	reverses_id UUID, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_journal_entry PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_journal_entry_organization_id_shift_id FOREIGN KEY(organization_id, shift_id) REFERENCES shift (organization_id, id) ON DELETE SET NULL (shift_id), 
	CONSTRAINT fk_journal_entry_organization_id_reverses_id FOREIGN KEY(organization_id, reverses_id) REFERENCES journal_entry (organization_id, id) ON DELETE SET NULL (reverses_id), 
	CONSTRAINT ck_journal_entry_kind_words CHECK (kind in ('sale', 'refund', 'void', 'reversal', 'exchange', 'payback', 'float', 'drop', 'variance', 'write_off', 'settlement', 'manual')), 
	CONSTRAINT ck_journal_entry_source_kind_size CHECK (char_length(source_kind) between 1 and 40), 
	CONSTRAINT ck_journal_entry_words_size CHECK (char_length(words) between 1 and 400), 
	CONSTRAINT ck_journal_entry_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_journal_entry_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_journal_entry_organization_id_reverses_id ON journal_entry (organization_id, reverses_id);
CREATE INDEX ix_journal_entry_organization_id_shift_id ON journal_entry (organization_id, shift_id);
CREATE INDEX ix_journal_entry_organization_id_source_kind_source_id ON journal_entry (organization_id, source_kind, source_id);
CREATE INDEX ix_journal_entry_organization_id_trading_day_id ON journal_entry (organization_id, trading_day, id);
CREATE UNIQUE INDEX ux_journal_entry_reverses_id ON journal_entry (organization_id, reverses_id) WHERE reverses_id IS NOT NULL;
CREATE TABLE minute_count (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	day_id UUID NOT NULL, 
	gate_id UUID NOT NULL, 
	zone_id UUID NOT NULL, 
	direction TEXT NOT NULL, 
	minute TIMESTAMP WITH TIME ZONE NOT NULL, 
	bodies INTEGER NOT NULL, 
	tickets INTEGER NOT NULL, 
	holders INTEGER NOT NULL, 
	corrections INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_minute_count PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_minute_count_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_minute_count_organization_id_day_id FOREIGN KEY(organization_id, day_id) REFERENCES day (organization_id, id), 
	CONSTRAINT fk_minute_count_organization_id_gate_id FOREIGN KEY(organization_id, gate_id) REFERENCES gate (organization_id, id), 
	CONSTRAINT fk_minute_count_organization_id_zone_id FOREIGN KEY(organization_id, zone_id) REFERENCES zone (organization_id, id), 
	CONSTRAINT uq_minute_count_organization_id_day_id_gate_id_zone_id__063a UNIQUE (organization_id, day_id, gate_id, zone_id, direction, minute), 
	CONSTRAINT ck_minute_count_direction_words CHECK (direction in ('in', 'out', 'moved_in', 'moved_out', 'ended', 'forced', 'unexplained', 'cleared')), 
	CONSTRAINT fk_minute_count_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_minute_count_organization_id_event_id ON minute_count (organization_id, event_id);
CREATE INDEX ix_minute_count_organization_id_gate_id ON minute_count (organization_id, gate_id);
CREATE INDEX ix_minute_count_organization_id_zone_id ON minute_count (organization_id, zone_id);
CREATE TABLE named_hold (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(name)) STORED, 
	note TEXT, 
	house BOOLEAN NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_named_hold PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_named_hold_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_named_hold_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT uq_named_hold_organization_id_checkout_id UNIQUE (organization_id, checkout_id), 
	CONSTRAINT ck_named_hold_name_size CHECK (char_length(name) between 1 and 120), 
	CONSTRAINT ck_named_hold_note_size CHECK (char_length(note) between 0 and 400), 
	CONSTRAINT fk_named_hold_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_named_hold_organization_id_event_id_name_key ON named_hold (organization_id, event_id, name_key);
CREATE TABLE paper_file (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	per_sheet SMALLINT NOT NULL, 
	content_sealed BYTEA, 
	made_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_paper_file PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_paper_file_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT fk_paper_file_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_paper_file_organization_id_checkout_id ON paper_file (organization_id, checkout_id);
CREATE TABLE pool (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	day_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(name)) STORED, 
	capacity INTEGER NOT NULL, 
	taken INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_pool PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_pool_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_pool_organization_id_day_id FOREIGN KEY(organization_id, day_id) REFERENCES day (organization_id, id), 
	CONSTRAINT ck_pool_never_above_capacity CHECK (taken BETWEEN 0 AND capacity), 
	CONSTRAINT ck_pool_name_size CHECK (char_length(name) between 1 and 120), 
	CONSTRAINT fk_pool_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_pool_organization_id_day_id ON pool (organization_id, day_id);
CREATE INDEX ix_pool_organization_id_event_id ON pool (organization_id, event_id);
CREATE UNIQUE INDEX ux_pool_day_id_name_key ON pool (organization_id, day_id, name_key) WHERE name_key IS NOT NULL;
CREATE TABLE reserve_book (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	ticket_type_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	key UUID NOT NULL, 
	quantity INTEGER NOT NULL, 
	price_cents BIGINT NOT NULL, 
	fees_cents BIGINT NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_reserve_book PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_reserve_book_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_reserve_book_organization_id_ticket_type_id FOREIGN KEY(organization_id, ticket_type_id) REFERENCES ticket_type (organization_id, id), 
	CONSTRAINT uq_reserve_book_organization_id_event_id_number UNIQUE (organization_id, event_id, number), 
	CONSTRAINT uq_reserve_book_organization_id_key UNIQUE (organization_id, key), 
	CONSTRAINT ck_reserve_book_some_tickets CHECK (quantity BETWEEN 1 AND 60), 
	CONSTRAINT ck_reserve_book_price_is_not_negative CHECK (price_cents >= 0 AND fees_cents >= 0), 
	CONSTRAINT ck_reserve_book_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_reserve_book_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_reserve_book_organization_id_ticket_type_id ON reserve_book (organization_id, ticket_type_id);
CREATE TABLE return (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	shift_id UUID, 
	key TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	value_cents BIGINT NOT NULL, 
	vat_cents BIGINT NOT NULL, 
	kept_cents BIGINT NOT NULL, 
	kept_vat_cents BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_return PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_return_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT fk_return_organization_id_shift_id FOREIGN KEY(organization_id, shift_id) REFERENCES shift (organization_id, id) ON DELETE SET NULL (shift_id), 
	CONSTRAINT uq_return_organization_id_key UNIQUE (organization_id, key), 
	CONSTRAINT ck_return_key_size CHECK (char_length(key) between 1 and 120), 
	CONSTRAINT ck_return_kind_words CHECK (kind in ('refund', 'cancel', 'void', 'reverse', 'exchange')), 
	CONSTRAINT ck_return_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_return_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_return_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_return_organization_id_checkout_id ON return (organization_id, checkout_id);
CREATE INDEX ix_return_organization_id_shift_id ON return (organization_id, shift_id);
CREATE TABLE staff_day (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	membership_id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	day_id UUID, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_staff_day PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_staff_day_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES membership (organization_id, id), 
	CONSTRAINT fk_staff_day_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_staff_day_organization_id_day_id FOREIGN KEY(organization_id, day_id) REFERENCES day (organization_id, id) ON DELETE SET NULL (day_id), 
	CONSTRAINT fk_staff_day_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_staff_day_organization_id_day_id ON staff_day (organization_id, day_id);
CREATE INDEX ix_staff_day_organization_id_event_id ON staff_day (organization_id, event_id);
CREATE INDEX ix_staff_day_organization_id_membership_id ON staff_day (organization_id, membership_id);
CREATE UNIQUE INDEX ux_staff_day_membership_id_event_id ON staff_day (organization_id, membership_id, event_id) WHERE day_id IS NULL;
CREATE UNIQUE INDEX ux_staff_day_membership_id_event_id_day_id ON staff_day (organization_id, membership_id, event_id, day_id) WHERE day_id IS NOT NULL;
CREATE TABLE type_gate (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	ticket_type_id UUID NOT NULL, 
	gate_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_type_gate PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_type_gate_organization_id_ticket_type_id FOREIGN KEY(organization_id, ticket_type_id) REFERENCES ticket_type (organization_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_type_gate_organization_id_gate_id FOREIGN KEY(organization_id, gate_id) REFERENCES gate (organization_id, id), 
	CONSTRAINT uq_type_gate_organization_id_ticket_type_id_gate_id UNIQUE (organization_id, ticket_type_id, gate_id), 
	CONSTRAINT fk_type_gate_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_type_gate_organization_id_gate_id ON type_gate (organization_id, gate_id);
CREATE TABLE type_zone (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	ticket_type_id UUID NOT NULL, 
	zone_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_type_zone PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_type_zone_organization_id_ticket_type_id FOREIGN KEY(organization_id, ticket_type_id) REFERENCES ticket_type (organization_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_type_zone_organization_id_zone_id FOREIGN KEY(organization_id, zone_id) REFERENCES zone (organization_id, id), 
	CONSTRAINT uq_type_zone_organization_id_ticket_type_id_zone_id UNIQUE (organization_id, ticket_type_id, zone_id), 
	CONSTRAINT fk_type_zone_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_type_zone_organization_id_zone_id ON type_zone (organization_id, zone_id);
CREATE TABLE zone_emptied (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	day_id UUID NOT NULL, 
	zone_id UUID, 
	zones JSONB NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	effective_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	written_in BIGINT DEFAULT (pg_current_xact_id()::text)::bigint NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_zone_emptied PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_zone_emptied_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_zone_emptied_organization_id_day_id FOREIGN KEY(organization_id, day_id) REFERENCES day (organization_id, id), 
	CONSTRAINT fk_zone_emptied_organization_id_zone_id FOREIGN KEY(organization_id, zone_id) REFERENCES zone (organization_id, id) ON DELETE SET NULL (zone_id), 
	CONSTRAINT ck_zone_emptied_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_zone_emptied_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_zone_emptied_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_zone_emptied_organization_id_day_id_effective_at ON zone_emptied (organization_id, day_id, effective_at);
CREATE INDEX ix_zone_emptied_organization_id_event_id_written_in ON zone_emptied (organization_id, event_id, written_in);
CREATE INDEX ix_zone_emptied_organization_id_zone_id ON zone_emptied (organization_id, zone_id);
CREATE TABLE zreport (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	shift_id UUID NOT NULL, 
	till_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	expected_cents BIGINT NOT NULL, 
	counted_cents BIGINT NOT NULL, 
	variance_cents BIGINT NOT NULL, 
	figures JSONB NOT NULL, 
	forced TEXT, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_zreport PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_zreport_organization_id_shift_id FOREIGN KEY(organization_id, shift_id) REFERENCES shift (organization_id, id), 
	CONSTRAINT fk_zreport_organization_id_till_id FOREIGN KEY(organization_id, till_id) REFERENCES till (organization_id, id), 
	CONSTRAINT uq_zreport_organization_id_shift_id UNIQUE (organization_id, shift_id), 
	CONSTRAINT uq_zreport_organization_id_till_id_number UNIQUE (organization_id, till_id, number), 
	CONSTRAINT ck_zreport_adds_up CHECK (variance_cents = counted_cents - expected_cents), 
	CONSTRAINT ck_zreport_forced_size CHECK (char_length(forced) between 0 and 400), 
	CONSTRAINT ck_zreport_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_zreport_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE charge_end (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	charge_id UUID NOT NULL, 
	how TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_charge_end PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_charge_end_organization_id_charge_id FOREIGN KEY(organization_id, charge_id) REFERENCES charge (organization_id, id), 
	CONSTRAINT uq_charge_end_organization_id_charge_id UNIQUE (organization_id, charge_id), 
	CONSTRAINT ck_charge_end_how_words CHECK (how in ('declined', 'taken_back', 'written_off')), 
	CONSTRAINT ck_charge_end_reason_size CHECK (char_length(reason) between 1 and 500), 
	CONSTRAINT fk_charge_end_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE checkout_discount (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	discount_id UUID NOT NULL, 
	cents BIGINT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_checkout_discount PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_checkout_discount_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT fk_checkout_discount_organization_id_discount_id FOREIGN KEY(organization_id, discount_id) REFERENCES discount (organization_id, id), 
	CONSTRAINT uq_checkout_discount_organization_id_checkout_id UNIQUE (organization_id, checkout_id), 
	CONSTRAINT fk_checkout_discount_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_checkout_discount_organization_id_discount_id ON checkout_discount (organization_id, discount_id);
CREATE TABLE checkout_fee (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	checkout_line_id UUID, 
	fee_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	quantity INTEGER NOT NULL, 
	unit_cents BIGINT, 
	total_cents BIGINT NOT NULL, 
	vat_rate_bp INTEGER NOT NULL, 
	vat_cents BIGINT NOT NULL, 
	kept BOOLEAN NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_checkout_fee PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_checkout_fee_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT fk_checkout_fee_organization_id_checkout_line_id FOREIGN KEY(organization_id, checkout_line_id) REFERENCES checkout_line (organization_id, id) ON DELETE SET NULL (checkout_line_id), 
	CONSTRAINT fk_checkout_fee_organization_id_fee_id FOREIGN KEY(organization_id, fee_id) REFERENCES fee (organization_id, id), 
	CONSTRAINT ck_checkout_fee_not_negative CHECK (quantity > 0 AND total_cents >= 0 AND vat_cents >= 0), 
	CONSTRAINT ck_checkout_fee_name_size CHECK (char_length(name) between 1 and 80), 
	CONSTRAINT fk_checkout_fee_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_checkout_fee_organization_id_checkout_id ON checkout_fee (organization_id, checkout_id);
CREATE INDEX ix_checkout_fee_organization_id_checkout_line_id ON checkout_fee (organization_id, checkout_line_id);
CREATE INDEX ix_checkout_fee_organization_id_fee_id ON checkout_fee (organization_id, fee_id);
CREATE TABLE credit_note (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	invoice_id UUID NOT NULL, 
	return_id UUID NOT NULL, 
	till_id UUID, 
	prefix TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	amount_cents BIGINT NOT NULL, 
	vat_cents BIGINT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_credit_note PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_credit_note_organization_id_invoice_id FOREIGN KEY(organization_id, invoice_id) REFERENCES invoice (organization_id, id), 
	CONSTRAINT fk_credit_note_organization_id_return_id FOREIGN KEY(organization_id, return_id) REFERENCES return (organization_id, id), 
	CONSTRAINT fk_credit_note_organization_id_till_id FOREIGN KEY(organization_id, till_id) REFERENCES till (organization_id, id) ON DELETE SET NULL (till_id), 
	CONSTRAINT uq_credit_note_organization_id_return_id UNIQUE (organization_id, return_id), 
	CONSTRAINT ck_credit_note_not_negative CHECK (amount_cents >= 0 AND vat_cents >= 0), 
	CONSTRAINT ck_credit_note_prefix_size CHECK (char_length(prefix) between 1 and 8), 
	CONSTRAINT ck_credit_note_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT fk_credit_note_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_credit_note_organization_id_invoice_id ON credit_note (organization_id, invoice_id);
CREATE INDEX ix_credit_note_organization_id_till_id ON credit_note (organization_id, till_id);
CREATE UNIQUE INDEX ux_credit_note_number ON credit_note (organization_id, number) WHERE till_id IS NULL;
CREATE UNIQUE INDEX ux_credit_note_till_id_number ON credit_note (organization_id, till_id, number) WHERE till_id IS NOT NULL;
CREATE TABLE device_move (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	device_id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	gate_id UUID NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_device_move PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_device_move_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES device (organization_id, id), 
	CONSTRAINT fk_device_move_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_device_move_organization_id_gate_id FOREIGN KEY(organization_id, gate_id) REFERENCES gate (organization_id, id), 
	CONSTRAINT ck_device_move_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_device_move_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_device_move_organization_id_device_id ON device_move (organization_id, device_id);
CREATE TABLE hold_end (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	hold_id UUID NOT NULL, 
	how TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_hold_end PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_hold_end_organization_id_hold_id FOREIGN KEY(organization_id, hold_id) REFERENCES hold (organization_id, id), 
	CONSTRAINT uq_hold_end_organization_id_hold_id UNIQUE (organization_id, hold_id), 
	CONSTRAINT ck_hold_end_how_words CHECK (how in ('converted', 'released', 'expired')), 
	CONSTRAINT fk_hold_end_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE hold_line (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	hold_id UUID NOT NULL, 
	checkout_line_id UUID NOT NULL, 
	pool_id UUID NOT NULL, 
	bodies INTEGER NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_hold_line PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_hold_line_organization_id_hold_id FOREIGN KEY(organization_id, hold_id) REFERENCES hold (organization_id, id), 
	CONSTRAINT fk_hold_line_organization_id_checkout_line_id FOREIGN KEY(organization_id, checkout_line_id) REFERENCES checkout_line (organization_id, id), 
	CONSTRAINT fk_hold_line_organization_id_pool_id FOREIGN KEY(organization_id, pool_id) REFERENCES pool (organization_id, id), 
	CONSTRAINT uq_hold_line_organization_id_hold_id_checkout_line_id_pool_id UNIQUE (organization_id, hold_id, checkout_line_id, pool_id), 
	CONSTRAINT ck_hold_line_some_bodies CHECK (bodies > 0), 
	CONSTRAINT fk_hold_line_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_hold_line_organization_id_checkout_line_id ON hold_line (organization_id, checkout_line_id);
CREATE INDEX ix_hold_line_organization_id_pool_id ON hold_line (organization_id, pool_id);
CREATE TABLE invoice_print (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	invoice_id UUID NOT NULL, 
	format TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_invoice_print PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_invoice_print_organization_id_invoice_id FOREIGN KEY(organization_id, invoice_id) REFERENCES invoice (organization_id, id), 
	CONSTRAINT ck_invoice_print_format_words CHECK (format in ('slip', 'a4')), 
	CONSTRAINT fk_invoice_print_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_invoice_print_organization_id_invoice_id ON invoice_print (organization_id, invoice_id);
CREATE TABLE invoice_recipient (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	invoice_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	address TEXT NOT NULL, 
	vat_number TEXT, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_invoice_recipient PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_invoice_recipient_organization_id_invoice_id FOREIGN KEY(organization_id, invoice_id) REFERENCES invoice (organization_id, id), 
	CONSTRAINT ck_invoice_recipient_name_size CHECK (char_length(name) between 1 and 160), 
	CONSTRAINT ck_invoice_recipient_address_size CHECK (char_length(address) between 1 and 400), 
	CONSTRAINT ck_invoice_recipient_vat_number_size CHECK (char_length(vat_number) between 0 and 20), 
	CONSTRAINT ck_invoice_recipient_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_invoice_recipient_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_invoice_recipient_organization_id_invoice_id ON invoice_recipient (organization_id, invoice_id);
CREATE TABLE journal_line (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	entry_id UUID NOT NULL, 
	account_id UUID NOT NULL, 
	trading_day DATE NOT NULL, 
	amount_cents BIGINT NOT NULL, 
	currency TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_journal_line PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_journal_line_organization_id_entry_id FOREIGN KEY(organization_id, entry_id) REFERENCES journal_entry (organization_id, id), 
	CONSTRAINT fk_journal_line_organization_id_account_id FOREIGN KEY(organization_id, account_id) REFERENCES account (organization_id, id), 
	CONSTRAINT ck_journal_line_some_amount CHECK (amount_cents <> 0), 
	CONSTRAINT ck_journal_line_currency_size CHECK (char_length(currency) between 1 and 3), 
	CONSTRAINT fk_journal_line_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_journal_line_organization_id_account_id_trading_day__98ad ON journal_line (organization_id, account_id, trading_day, id, amount_cents);
CREATE INDEX ix_journal_line_organization_id_entry_id ON journal_line (organization_id, entry_id);
CREATE TABLE pairing (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	gate_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	role TEXT NOT NULL, 
	spare BOOLEAN NOT NULL, 
	selector TEXT NOT NULL, 
	secret_hash BYTEA NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	tries INTEGER NOT NULL, 
	used_at TIMESTAMP WITH TIME ZONE, 
	device_id UUID, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_pairing PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_pairing_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_pairing_organization_id_gate_id FOREIGN KEY(organization_id, gate_id) REFERENCES gate (organization_id, id), 
	CONSTRAINT fk_pairing_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES device (organization_id, id) ON DELETE SET NULL (device_id), 
	CONSTRAINT uq_pairing_organization_id_selector UNIQUE (organization_id, selector), 
	CONSTRAINT ck_pairing_few_tries CHECK (tries BETWEEN 0 AND 5), 
	CONSTRAINT ck_pairing_name_size CHECK (char_length(name) between 1 and 80), 
	CONSTRAINT ck_pairing_role_words CHECK (role in ('steward', 'supervisor', 'turnstile')), 
	CONSTRAINT ck_pairing_selector_size CHECK (char_length(selector) between 1 and 4), 
	CONSTRAINT fk_pairing_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_pairing_organization_id_device_id ON pairing (organization_id, device_id);
CREATE INDEX ix_pairing_organization_id_event_id ON pairing (organization_id, event_id);
CREATE INDEX ix_pairing_organization_id_gate_id ON pairing (organization_id, gate_id);
CREATE TABLE payer_page (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	charge_id UUID NOT NULL, 
	url TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_payer_page PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_payer_page_organization_id_charge_id FOREIGN KEY(organization_id, charge_id) REFERENCES charge (organization_id, id), 
	CONSTRAINT uq_payer_page_organization_id_charge_id UNIQUE (organization_id, charge_id), 
	CONSTRAINT ck_payer_page_url_size CHECK (char_length(url) between 1 and 2000), 
	CONSTRAINT fk_payer_page_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE payment (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	charge_id UUID, 
	shift_id UUID, 
	attempt SMALLINT NOT NULL, 
	tender SMALLINT NOT NULL, 
	gateway TEXT NOT NULL, 
	key TEXT NOT NULL, 
	amount_cents BIGINT NOT NULL, 
	rounding_cents BIGINT NOT NULL, 
	tendered_cents BIGINT, 
	change_cents BIGINT, 
	reference TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_payment PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_payment_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT fk_payment_organization_id_charge_id FOREIGN KEY(organization_id, charge_id) REFERENCES charge (organization_id, id) ON DELETE SET NULL (charge_id), 
	CONSTRAINT fk_payment_organization_id_shift_id FOREIGN KEY(organization_id, shift_id) REFERENCES shift (organization_id, id) ON DELETE SET NULL (shift_id), 
	CONSTRAINT uq_payment_organization_id_key UNIQUE (organization_id, key), 
	CONSTRAINT uq_payment_organization_id_checkout_id_attempt_tender UNIQUE (organization_id, checkout_id, attempt, tender), 
	CONSTRAINT ck_payment_not_negative CHECK (amount_cents >= 0), 
	CONSTRAINT ck_payment_cash_has_a_drawer CHECK (gateway <> 'cash' OR shift_id IS NOT NULL), 
	CONSTRAINT ck_payment_outside_was_asked CHECK (gateway IN ('cash', 'credit') OR charge_id IS NOT NULL), 
	CONSTRAINT ck_payment_no_card_number CHECK (reference IS NULL OR reference !~ '^[ 0-9-]{13,23}$'), 
	CONSTRAINT ck_payment_gateway_words CHECK (gateway in ('cash', 'card', 'stripe', 'paystack', 'credit')), 
	CONSTRAINT ck_payment_key_size CHECK (char_length(key) between 1 and 120), 
	CONSTRAINT ck_payment_reference_size CHECK (char_length(reference) between 0 and 120), 
	CONSTRAINT fk_payment_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_payment_organization_id_charge_id ON payment (organization_id, charge_id);
CREATE INDEX ix_payment_organization_id_shift_id ON payment (organization_id, shift_id);
CREATE UNIQUE INDEX ux_payment_charge_id ON payment (organization_id, charge_id) WHERE charge_id IS NOT NULL;
CREATE TABLE phone_deed (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	device_id UUID NOT NULL, 
	scan_id UUID NOT NULL, 
	deed TEXT NOT NULL, 
	bodies SMALLINT NOT NULL, 
	reason TEXT NOT NULL, 
	staff_number TEXT NOT NULL, 
	code_id UUID NOT NULL, 
	proven BOOLEAN NOT NULL, 
	done_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	clock_offset_ms INTEGER NOT NULL, 
	effective_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	batch_id UUID, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_phone_deed PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_phone_deed_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_phone_deed_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES device (organization_id, id), 
	CONSTRAINT ck_phone_deed_deed_words CHECK (deed in ('override', 'undo')), 
	CONSTRAINT ck_phone_deed_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_phone_deed_staff_number_size CHECK (char_length(staff_number) between 1 and 12), 
	CONSTRAINT fk_phone_deed_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_phone_deed_organization_id_device_id_scan_id ON phone_deed (organization_id, device_id, scan_id);
CREATE INDEX ix_phone_deed_organization_id_event_id_created_at ON phone_deed (organization_id, event_id, created_at);
CREATE TABLE reserve_closure (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	book_id UUID NOT NULL, 
	void INTEGER NOT NULL, 
	missing INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_reserve_closure PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_reserve_closure_organization_id_book_id FOREIGN KEY(organization_id, book_id) REFERENCES reserve_book (organization_id, id), 
	CONSTRAINT uq_reserve_closure_organization_id_book_id UNIQUE (organization_id, book_id), 
	CONSTRAINT ck_reserve_closure_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_reserve_closure_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_reserve_closure_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE reserve_fee (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	book_id UUID NOT NULL, 
	fee_id UUID NOT NULL, 
	name TEXT NOT NULL, 
	unit_cents BIGINT NOT NULL, 
	vat_rate_bp INTEGER NOT NULL, 
	kept BOOLEAN NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_reserve_fee PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_reserve_fee_organization_id_book_id FOREIGN KEY(organization_id, book_id) REFERENCES reserve_book (organization_id, id), 
	CONSTRAINT fk_reserve_fee_organization_id_fee_id FOREIGN KEY(organization_id, fee_id) REFERENCES fee (organization_id, id), 
	CONSTRAINT uq_reserve_fee_organization_id_book_id_fee_id UNIQUE (organization_id, book_id, fee_id), 
	CONSTRAINT ck_reserve_fee_name_size CHECK (char_length(name) between 1 and 80), 
	CONSTRAINT fk_reserve_fee_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_reserve_fee_organization_id_fee_id ON reserve_fee (organization_id, fee_id);
CREATE TABLE reserve_pool (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	book_id UUID NOT NULL, 
	pool_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_reserve_pool PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_reserve_pool_organization_id_book_id FOREIGN KEY(organization_id, book_id) REFERENCES reserve_book (organization_id, id), 
	CONSTRAINT fk_reserve_pool_organization_id_pool_id FOREIGN KEY(organization_id, pool_id) REFERENCES pool (organization_id, id), 
	CONSTRAINT uq_reserve_pool_organization_id_book_id_pool_id UNIQUE (organization_id, book_id, pool_id), 
	CONSTRAINT fk_reserve_pool_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_reserve_pool_organization_id_pool_id ON reserve_pool (organization_id, pool_id);
CREATE TABLE return_line (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	return_id UUID NOT NULL, 
	checkout_line_id UUID NOT NULL, 
	tickets INTEGER NOT NULL, 
	value_cents BIGINT NOT NULL, 
	vat_cents BIGINT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_return_line PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_return_line_organization_id_return_id FOREIGN KEY(organization_id, return_id) REFERENCES return (organization_id, id), 
	CONSTRAINT fk_return_line_organization_id_checkout_line_id FOREIGN KEY(organization_id, checkout_line_id) REFERENCES checkout_line (organization_id, id), 
	CONSTRAINT uq_return_line_organization_id_return_id_checkout_line_id UNIQUE (organization_id, return_id, checkout_line_id), 
	CONSTRAINT ck_return_line_not_negative CHECK (tickets >= 0 AND value_cents >= 0 AND vat_cents >= 0), 
	CONSTRAINT fk_return_line_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_return_line_organization_id_checkout_line_id ON return_line (organization_id, checkout_line_id);
CREATE TABLE scan_batch (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	device_id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	batch_key UUID NOT NULL, 
	body_hash TEXT NOT NULL, 
	total INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	judged INTEGER NOT NULL, 
	results JSONB NOT NULL, 
	scans_sealed BYTEA, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_scan_batch PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_scan_batch_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES device (organization_id, id), 
	CONSTRAINT fk_scan_batch_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT uq_scan_batch_organization_id_device_id_batch_key UNIQUE (organization_id, device_id, batch_key), 
	CONSTRAINT ck_scan_batch_body_hash_size CHECK (char_length(body_hash) between 1 and 64), 
	CONSTRAINT ck_scan_batch_state_words CHECK (state in ('queued', 'quarantined', 'refused', 'done')), 
	CONSTRAINT fk_scan_batch_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_scan_batch_organization_id_event_id_created_at ON scan_batch (organization_id, event_id, created_at);
CREATE TABLE sign_off (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	z_report_id UUID NOT NULL, 
	membership_id UUID NOT NULL, 
	self_signed BOOLEAN NOT NULL, 
	note TEXT, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_sign_off PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_sign_off_organization_id_z_report_id FOREIGN KEY(organization_id, z_report_id) REFERENCES zreport (organization_id, id), 
	CONSTRAINT fk_sign_off_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES membership (organization_id, id), 
	CONSTRAINT uq_sign_off_organization_id_z_report_id UNIQUE (organization_id, z_report_id), 
	CONSTRAINT ck_sign_off_note_size CHECK (char_length(note) between 0 and 400), 
	CONSTRAINT ck_sign_off_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_sign_off_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_sign_off_organization_id_membership_id ON sign_off (organization_id, membership_id);
CREATE TABLE ticket (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	ticket_type_id UUID NOT NULL, 
	checkout_line_id UUID, 
	signing_key_id UUID NOT NULL, 
	number INTEGER NOT NULL, 
	serial TEXT NOT NULL, 
	code_version SMALLINT NOT NULL, 
	bodies SMALLINT NOT NULL, 
	days_mask INTEGER NOT NULL, 
	issued_minute INTEGER NOT NULL, 
	holder TEXT, 
	holder_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(holder)) STORED, 
	written_in BIGINT DEFAULT (pg_current_xact_id()::text)::bigint NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_ticket PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_ticket_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_ticket_organization_id_ticket_type_id FOREIGN KEY(organization_id, ticket_type_id) REFERENCES ticket_type (organization_id, id), 
	CONSTRAINT fk_ticket_organization_id_checkout_line_id FOREIGN KEY(organization_id, checkout_line_id) REFERENCES checkout_line (organization_id, id) ON DELETE SET NULL (checkout_line_id), 
	CONSTRAINT fk_ticket_organization_id_signing_key_id FOREIGN KEY(organization_id, signing_key_id) REFERENCES signing_key (organization_id, id), 
	CONSTRAINT uq_ticket_organization_id_serial UNIQUE (organization_id, serial), 
	CONSTRAINT uq_ticket_organization_id_event_id_number UNIQUE (organization_id, event_id, number), 
	CONSTRAINT ck_ticket_bodies_fit CHECK (bodies BETWEEN 1 AND 200), 
	CONSTRAINT ck_ticket_days_fit CHECK (days_mask BETWEEN 1 AND 65535), 
	CONSTRAINT ck_ticket_serial_size CHECK (char_length(serial) between 1 and 24), 
	CONSTRAINT ck_ticket_holder_size CHECK (char_length(holder) between 0 and 120), 
	CONSTRAINT fk_ticket_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_ticket_organization_id_checkout_line_id ON ticket (organization_id, checkout_line_id);
CREATE INDEX ix_ticket_organization_id_event_id_written_in ON ticket (organization_id, event_id, written_in);
CREATE INDEX ix_ticket_organization_id_holder_key ON ticket (organization_id, holder_key);
CREATE INDEX ix_ticket_organization_id_signing_key_id ON ticket (organization_id, signing_key_id);
CREATE INDEX ix_ticket_organization_id_ticket_type_id ON ticket (organization_id, ticket_type_id);
CREATE TABLE type_pool (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	ticket_type_id UUID NOT NULL, 
	pool_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_type_pool PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_type_pool_organization_id_ticket_type_id FOREIGN KEY(organization_id, ticket_type_id) REFERENCES ticket_type (organization_id, id) ON DELETE CASCADE, 
	CONSTRAINT fk_type_pool_organization_id_pool_id FOREIGN KEY(organization_id, pool_id) REFERENCES pool (organization_id, id), 
	CONSTRAINT uq_type_pool_organization_id_ticket_type_id_pool_id UNIQUE (organization_id, ticket_type_id, pool_id), 
	CONSTRAINT fk_type_pool_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_type_pool_organization_id_pool_id ON type_pool (organization_id, pool_id);
CREATE TABLE batch_decision (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	batch_id UUID NOT NULL, 
	accepted BOOLEAN NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_batch_decision PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_batch_decision_organization_id_batch_id FOREIGN KEY(organization_id, batch_id) REFERENCES scan_batch (organization_id, id), 
	CONSTRAINT uq_batch_decision_organization_id_batch_id UNIQUE (organization_id, batch_id), 
	CONSTRAINT ck_batch_decision_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_batch_decision_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_batch_decision_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE credit_note_print (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	credit_note_id UUID NOT NULL, 
	format TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_credit_note_print PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_credit_note_print_organization_id_credit_note_id FOREIGN KEY(organization_id, credit_note_id) REFERENCES credit_note (organization_id, id), 
	CONSTRAINT ck_credit_note_print_format_words CHECK (format in ('slip', 'a4')), 
	CONSTRAINT fk_credit_note_print_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_credit_note_print_organization_id_credit_note_id ON credit_note_print (organization_id, credit_note_id);
CREATE TABLE gate_pass (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	day_id UUID NOT NULL, 
	ticket_type_id UUID NOT NULL, 
	pool_id UUID NOT NULL, 
	ticket_id UUID NOT NULL, 
	key UUID NOT NULL, 
	bodies SMALLINT NOT NULL, 
	reason TEXT NOT NULL, 
	how TEXT NOT NULL, 
	giver_id UUID, 
	giver TEXT NOT NULL, 
	own_total INTEGER, 
	own_limit INTEGER, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_gate_pass PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_gate_pass_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_gate_pass_organization_id_day_id FOREIGN KEY(organization_id, day_id) REFERENCES day (organization_id, id), 
	CONSTRAINT fk_gate_pass_organization_id_ticket_type_id FOREIGN KEY(organization_id, ticket_type_id) REFERENCES ticket_type (organization_id, id), 
	CONSTRAINT fk_gate_pass_organization_id_pool_id FOREIGN KEY(organization_id, pool_id) REFERENCES pool (organization_id, id), 
	CONSTRAINT fk_gate_pass_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES ticket (organization_id, id), 
	CONSTRAINT uq_gate_pass_organization_id_ticket_id UNIQUE (organization_id, ticket_id), 
	CONSTRAINT uq_gate_pass_organization_id_key UNIQUE (organization_id, key), 
	CONSTRAINT ck_gate_pass_some CHECK (bodies BETWEEN 1 AND 20), 
	CONSTRAINT ck_gate_pass_within_limit CHECK ((how = 'own') = (own_total IS NOT NULL) AND (how = 'own') = (own_limit IS NOT NULL) AND coalesce(own_total <= own_limit AND bodies <= own_total AND giver_id IS NOT NULL, true)), 
	CONSTRAINT ck_gate_pass_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_gate_pass_how_words CHECK (how in ('own', 'freely')), 
	CONSTRAINT ck_gate_pass_giver_size CHECK (char_length(giver) between 1 and 400), 
	CONSTRAINT fk_gate_pass_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_gate_pass_organization_id_day_id ON gate_pass (organization_id, day_id);
CREATE INDEX ix_gate_pass_organization_id_event_id ON gate_pass (organization_id, event_id);
CREATE INDEX ix_gate_pass_organization_id_pool_id ON gate_pass (organization_id, pool_id);
CREATE INDEX ix_gate_pass_organization_id_ticket_type_id ON gate_pass (organization_id, ticket_type_id);
CREATE UNIQUE INDEX ux_gate_pass_day_id_giver_id_own_total ON gate_pass (organization_id, day_id, giver_id, own_total) WHERE own_total IS NOT NULL;
CREATE TABLE pass (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	ticket_id UUID NOT NULL, 
	number SMALLINT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_pass PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_pass_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES ticket (organization_id, id), 
	CONSTRAINT uq_pass_organization_id_ticket_id_number UNIQUE (organization_id, ticket_id, number), 
	CONSTRAINT fk_pass_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE phone_deed_review (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	deed_id UUID NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_phone_deed_review PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_phone_deed_review_organization_id_deed_id FOREIGN KEY(organization_id, deed_id) REFERENCES phone_deed (organization_id, id), 
	CONSTRAINT uq_phone_deed_review_organization_id_deed_id UNIQUE (organization_id, deed_id), 
	CONSTRAINT ck_phone_deed_review_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_phone_deed_review_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_phone_deed_review_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE refund (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	return_id UUID NOT NULL, 
	payment_id UUID NOT NULL, 
	origin_id UUID, 
	checkout_id UUID NOT NULL, 
	shift_id UUID, 
	gateway TEXT NOT NULL, 
	key TEXT NOT NULL, 
	amount_cents BIGINT NOT NULL, 
	rounding_cents BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_refund PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_refund_organization_id_return_id FOREIGN KEY(organization_id, return_id) REFERENCES return (organization_id, id), 
	CONSTRAINT fk_refund_organization_id_payment_id FOREIGN KEY(organization_id, payment_id) REFERENCES payment (organization_id, id), 
	CONSTRAINT fk_refund_organization_id_origin_id FOREIGN KEY(organization_id, origin_id) REFERENCES payment (organization_id, id) ON DELETE SET NULL (origin_id), 
	CONSTRAINT fk_refund_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT fk_refund_organization_id_shift_id FOREIGN KEY(organization_id, shift_id) REFERENCES shift (organization_id, id) ON DELETE SET NULL (shift_id), 
	CONSTRAINT uq_refund_organization_id_key UNIQUE (organization_id, key), 
	CONSTRAINT ck_refund_cash_has_a_drawer CHECK (gateway <> 'cash' OR shift_id IS NOT NULL), 
	CONSTRAINT ck_refund_gateway_words CHECK (gateway in ('cash', 'card', 'stripe', 'paystack', 'credit')), 
	CONSTRAINT ck_refund_key_size CHECK (char_length(key) between 1 and 120), 
	CONSTRAINT ck_refund_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT fk_refund_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_refund_organization_id_checkout_id ON refund (organization_id, checkout_id);
CREATE INDEX ix_refund_organization_id_origin_id ON refund (organization_id, origin_id);
CREATE INDEX ix_refund_organization_id_payment_id ON refund (organization_id, payment_id);
CREATE INDEX ix_refund_organization_id_return_id ON refund (organization_id, return_id);
CREATE INDEX ix_refund_organization_id_shift_id ON refund (organization_id, shift_id);
CREATE TABLE reissue (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	ticket_id UUID NOT NULL, 
	version SMALLINT NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	written_in BIGINT DEFAULT (pg_current_xact_id()::text)::bigint NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_reissue PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_reissue_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES ticket (organization_id, id), 
	CONSTRAINT uq_reissue_organization_id_ticket_id_version UNIQUE (organization_id, ticket_id, version), 
	CONSTRAINT ck_reissue_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_reissue_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_reissue_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_reissue_organization_id_written_in ON reissue (organization_id, written_in);
CREATE TABLE reserve_sold (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	book_id UUID NOT NULL, 
	ticket_id UUID NOT NULL, 
	checkout_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_reserve_sold PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_reserve_sold_organization_id_book_id FOREIGN KEY(organization_id, book_id) REFERENCES reserve_book (organization_id, id), 
	CONSTRAINT fk_reserve_sold_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES ticket (organization_id, id), 
	CONSTRAINT fk_reserve_sold_organization_id_checkout_id FOREIGN KEY(organization_id, checkout_id) REFERENCES checkout (organization_id, id), 
	CONSTRAINT uq_reserve_sold_organization_id_ticket_id UNIQUE (organization_id, ticket_id), 
	CONSTRAINT fk_reserve_sold_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_reserve_sold_organization_id_book_id ON reserve_sold (organization_id, book_id);
CREATE INDEX ix_reserve_sold_organization_id_checkout_id ON reserve_sold (organization_id, checkout_id);
CREATE TABLE reserve_ticket (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	book_id UUID NOT NULL, 
	ticket_id UUID NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_reserve_ticket PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_reserve_ticket_organization_id_book_id FOREIGN KEY(organization_id, book_id) REFERENCES reserve_book (organization_id, id), 
	CONSTRAINT fk_reserve_ticket_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES ticket (organization_id, id), 
	CONSTRAINT uq_reserve_ticket_organization_id_ticket_id UNIQUE (organization_id, ticket_id), 
	CONSTRAINT fk_reserve_ticket_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_reserve_ticket_organization_id_book_id ON reserve_ticket (organization_id, book_id);
CREATE TABLE return_fee (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	return_id UUID NOT NULL, 
	checkout_fee_id UUID NOT NULL, 
	tickets INTEGER NOT NULL, 
	value_cents BIGINT NOT NULL, 
	vat_cents BIGINT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_return_fee PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_return_fee_organization_id_return_id FOREIGN KEY(organization_id, return_id) REFERENCES return (organization_id, id), 
	CONSTRAINT fk_return_fee_organization_id_checkout_fee_id FOREIGN KEY(organization_id, checkout_fee_id) REFERENCES checkout_fee (organization_id, id), 
	CONSTRAINT uq_return_fee_organization_id_return_id_checkout_fee_id UNIQUE (organization_id, return_id, checkout_fee_id), 
	CONSTRAINT ck_return_fee_not_negative CHECK (tickets >= 0 AND value_cents >= 0 AND vat_cents >= 0), 
	CONSTRAINT fk_return_fee_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_return_fee_organization_id_checkout_fee_id ON return_fee (organization_id, checkout_fee_id);
CREATE TABLE scan (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	device_id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	gate_id UUID NOT NULL, 
	day_id UUID, 
	ticket_id UUID, 
	sequence BIGINT NOT NULL, 
	code TEXT NOT NULL, 
	body_hash TEXT NOT NULL, 
	direction TEXT NOT NULL, 
	bodies SMALLINT, 
	taken SMALLINT NOT NULL, 
	verdict TEXT NOT NULL, 
	answer JSONB NOT NULL, 
	tier TEXT NOT NULL, 
	offline BOOLEAN NOT NULL, 
	recheck BOOLEAN NOT NULL, 
	staff_number TEXT, 
	scanned_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	clock_offset_ms INTEGER NOT NULL, 
	effective_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	batch_id UUID, 
	written_in BIGINT DEFAULT (pg_current_xact_id()::text)::bigint NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_scan PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_scan_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES device (organization_id, id), 
	CONSTRAINT fk_scan_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_scan_organization_id_gate_id FOREIGN KEY(organization_id, gate_id) REFERENCES gate (organization_id, id), 
	CONSTRAINT fk_scan_organization_id_day_id FOREIGN KEY(organization_id, day_id) REFERENCES day (organization_id, id) ON DELETE SET NULL (day_id), 
	CONSTRAINT fk_scan_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES ticket (organization_id, id) ON DELETE SET NULL (ticket_id), 
	CONSTRAINT uq_scan_organization_id_device_id_sequence UNIQUE (organization_id, device_id, sequence), 
	CONSTRAINT ck_scan_code_size CHECK (char_length(code) between 1 and 64), 
	CONSTRAINT ck_scan_body_hash_size CHECK (char_length(body_hash) between 1 and 64), 
	CONSTRAINT ck_scan_direction_words CHECK (direction in ('in', 'out')), 
	CONSTRAINT ck_scan_verdict_words CHECK (verdict in ('admitted', 'exited', 'offline_admitted', 'already_inside', 'duplicate', 'no_reentry', 'group_incomplete', 'wrong_event', 'wrong_zone', 'too_late', 'void', 'blocked', 'unknown_code', 'forged', 'entry_stopped', 'not_judged', 'wrong_gate', 'too_early', 'zone_full', 'not_inside')), 
	CONSTRAINT ck_scan_tier_words CHECK (tier in ('database', 'memory', 'cache', 'phone', 'none')), 
	CONSTRAINT ck_scan_staff_number_size CHECK (char_length(staff_number) between 0 and 12), 
	CONSTRAINT fk_scan_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_scan_organization_id_event_id_created_at ON scan (organization_id, event_id, created_at);
CREATE INDEX ix_scan_organization_id_event_id_written_in ON scan (organization_id, event_id, written_in);
CREATE INDEX ix_scan_organization_id_ticket_id_effective_at ON scan (organization_id, ticket_id, effective_at);
CREATE TABLE ticket_block (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	ticket_id UUID NOT NULL, 
	reason TEXT NOT NULL, 
	blocked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	blocked_by TEXT NOT NULL, 
	lifted_at TIMESTAMP WITH TIME ZONE, 
	lifted_by TEXT, 
	written_in BIGINT DEFAULT (pg_current_xact_id()::text)::bigint NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_ticket_block PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_ticket_block_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_ticket_block_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES ticket (organization_id, id), 
	CONSTRAINT ck_ticket_block_lifted_by_somebody CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)), 
	CONSTRAINT ck_ticket_block_reason_size CHECK (char_length(reason) between 1 and 200), 
	CONSTRAINT ck_ticket_block_blocked_by_size CHECK (char_length(blocked_by) between 1 and 400), 
	CONSTRAINT ck_ticket_block_lifted_by_size CHECK (char_length(lifted_by) between 0 and 400), 
	CONSTRAINT fk_ticket_block_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_ticket_block_organization_id_event_id_written_in ON ticket_block (organization_id, event_id, written_in);
CREATE INDEX ix_ticket_block_organization_id_ticket_id ON ticket_block (organization_id, ticket_id);
CREATE UNIQUE INDEX ux_ticket_block_ticket_id ON ticket_block (organization_id, ticket_id) WHERE lifted_at IS NULL;
CREATE TABLE ticket_print (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	ticket_id UUID NOT NULL, 
	format TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_ticket_print PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_ticket_print_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES ticket (organization_id, id), 
	CONSTRAINT ck_ticket_print_format_words CHECK (format in ('a4', 'slip', 'codes')), 
	CONSTRAINT fk_ticket_print_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_ticket_print_organization_id_ticket_id ON ticket_print (organization_id, ticket_id);
CREATE TABLE ticket_void (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	ticket_id UUID NOT NULL, 
	cause TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	written_in BIGINT DEFAULT (pg_current_xact_id()::text)::bigint NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_ticket_void PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_ticket_void_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES ticket (organization_id, id), 
	CONSTRAINT uq_ticket_void_organization_id_ticket_id UNIQUE (organization_id, ticket_id), 
	CONSTRAINT ck_ticket_void_cause_words CHECK (cause in ('void', 'refunded')), 
	CONSTRAINT ck_ticket_void_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_ticket_void_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_ticket_void_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_ticket_void_organization_id_written_in ON ticket_void (organization_id, written_in);
CREATE TABLE admission (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	ticket_id UUID NOT NULL, 
	scan_id UUID NOT NULL, 
	device_id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	day_id UUID NOT NULL, 
	gate_id UUID NOT NULL, 
	zone_id UUID NOT NULL, 
	pass_number SMALLINT NOT NULL, 
	entry_number SMALLINT NOT NULL, 
	move_number SMALLINT NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	cause TEXT, 
	closing_gate_id UUID, 
	closing_scan_id UUID, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_admission PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_admission_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES ticket (organization_id, id), 
	CONSTRAINT fk_admission_organization_id_scan_id FOREIGN KEY(organization_id, scan_id) REFERENCES scan (organization_id, id), 
	CONSTRAINT fk_admission_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES device (organization_id, id), 
	CONSTRAINT fk_admission_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_admission_organization_id_day_id FOREIGN KEY(organization_id, day_id) REFERENCES day (organization_id, id), 
	CONSTRAINT fk_admission_organization_id_gate_id FOREIGN KEY(organization_id, gate_id) REFERENCES gate (organization_id, id), 
	CONSTRAINT fk_admission_organization_id_zone_id FOREIGN KEY(organization_id, zone_id) REFERENCES zone (organization_id, id), 
	CONSTRAINT fk_admission_organization_id_closing_gate_id FOREIGN KEY(organization_id, closing_gate_id) REFERENCES gate (organization_id, id) ON DELETE SET NULL (closing_gate_id), 
	CONSTRAINT uq_admission_organization_id_ticket_id_pass_number_entr_8992 UNIQUE (organization_id, ticket_id, pass_number, entry_number, move_number), 
	CONSTRAINT ck_admission_closed_with_a_cause CHECK ((closed_at IS NULL) = (cause IS NULL)), 
	CONSTRAINT ck_admission_cause_words CHECK (cause in ('exited', 'moved', 'day_end', 'emptied')), 
	CONSTRAINT fk_admission_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_admission_organization_id_day_id_zone_id ON admission (organization_id, day_id, zone_id);
CREATE INDEX ix_admission_organization_id_scan_id ON admission (organization_id, scan_id);
CREATE UNIQUE INDEX ux_admission_ticket_id_pass_number ON admission (organization_id, ticket_id, pass_number) WHERE closed_at IS NULL;
CREATE TABLE conflict (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	event_id UUID NOT NULL, 
	scan_id UUID NOT NULL, 
	ticket_id UUID NOT NULL, 
	kind TEXT NOT NULL, 
	evidence JSONB NOT NULL, 
	dissolved BOOLEAN NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_conflict PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_conflict_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES event (organization_id, id), 
	CONSTRAINT fk_conflict_organization_id_scan_id FOREIGN KEY(organization_id, scan_id) REFERENCES scan (organization_id, id), 
	CONSTRAINT fk_conflict_organization_id_ticket_id FOREIGN KEY(organization_id, ticket_id) REFERENCES ticket (organization_id, id), 
	CONSTRAINT uq_conflict_organization_id_scan_id UNIQUE (organization_id, scan_id), 
	CONSTRAINT ck_conflict_kind_words CHECK (kind in ('surplus', 'void', 'blocked')), 
	CONSTRAINT fk_conflict_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_conflict_organization_id_event_id_created_at ON conflict (organization_id, event_id, created_at);
CREATE INDEX ix_conflict_organization_id_ticket_id ON conflict (organization_id, ticket_id);
CREATE TABLE override (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	scan_id UUID NOT NULL, 
	bodies SMALLINT NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	effective_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	written_in BIGINT DEFAULT (pg_current_xact_id()::text)::bigint NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_override PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_override_organization_id_scan_id FOREIGN KEY(organization_id, scan_id) REFERENCES scan (organization_id, id), 
	CONSTRAINT uq_override_organization_id_scan_id UNIQUE (organization_id, scan_id), 
	CONSTRAINT ck_override_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_override_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_override_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_override_organization_id_written_in ON override (organization_id, written_in);
CREATE TABLE refund_end (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	refund_id UUID NOT NULL, 
	round SMALLINT NOT NULL, 
	how TEXT NOT NULL, 
	shift_id UUID, 
	rounding_cents BIGINT NOT NULL, 
	reference TEXT, 
	reason TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_refund_end PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_refund_end_organization_id_refund_id FOREIGN KEY(organization_id, refund_id) REFERENCES refund (organization_id, id), 
	CONSTRAINT fk_refund_end_organization_id_shift_id FOREIGN KEY(organization_id, shift_id) REFERENCES shift (organization_id, id) ON DELETE SET NULL (shift_id), 
	CONSTRAINT uq_refund_end_organization_id_refund_id_round UNIQUE (organization_id, refund_id, round), 
	CONSTRAINT ck_refund_end_cash_has_a_drawer CHECK (how <> 'paid_otherwise' OR shift_id IS NOT NULL), 
	CONSTRAINT ck_refund_end_how_words CHECK (how in ('sent', 'paid_otherwise', 'written_off')), 
	CONSTRAINT ck_refund_end_reference_size CHECK (char_length(reference) between 0 and 120), 
	CONSTRAINT ck_refund_end_reason_size CHECK (char_length(reason) between 0 and 400), 
	CONSTRAINT fk_refund_end_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_refund_end_organization_id_shift_id ON refund_end (organization_id, shift_id);
CREATE TABLE undo (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	scan_id UUID NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	effective_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	written_in BIGINT DEFAULT (pg_current_xact_id()::text)::bigint NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_undo PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_undo_organization_id_scan_id FOREIGN KEY(organization_id, scan_id) REFERENCES scan (organization_id, id), 
	CONSTRAINT uq_undo_organization_id_scan_id UNIQUE (organization_id, scan_id), 
	CONSTRAINT ck_undo_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_undo_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_undo_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE INDEX ix_undo_organization_id_written_in ON undo (organization_id, written_in);
CREATE TABLE conflict_closure (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	conflict_id UUID NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_conflict_closure PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_conflict_closure_organization_id_conflict_id FOREIGN KEY(organization_id, conflict_id) REFERENCES conflict (organization_id, id), 
	CONSTRAINT uq_conflict_closure_organization_id_conflict_id UNIQUE (organization_id, conflict_id), 
	CONSTRAINT ck_conflict_closure_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT ck_conflict_closure_actor_size CHECK (char_length(actor) between 1 and 400), 
	CONSTRAINT fk_conflict_closure_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
CREATE TABLE refund_failure (
	organization_id UUID NOT NULL, 
	id UUID NOT NULL, 
	refund_end_id UUID NOT NULL, 
	reason TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_refund_failure PRIMARY KEY (organization_id, id), 
	CONSTRAINT fk_refund_failure_organization_id_refund_end_id FOREIGN KEY(organization_id, refund_end_id) REFERENCES refund_end (organization_id, id), 
	CONSTRAINT uq_refund_failure_organization_id_refund_end_id UNIQUE (organization_id, refund_end_id), 
	CONSTRAINT ck_refund_failure_reason_size CHECK (char_length(reason) between 1 and 400), 
	CONSTRAINT fk_refund_failure_organization_id FOREIGN KEY(organization_id) REFERENCES organization (id)
);
-- Keys never change, and tables are never emptied in one stroke: both would pass by the trail.
CREATE OR REPLACE FUNCTION refuse_key_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the key of % cannot change', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% cannot be truncated', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- The trail's one writer. Statement-level, with transition tables, so that every path is caught:
-- unit of work, bulk statement, Core, raw SQL, cascade, psql. It records, and never refuses.
-- Arguments: mode (full_diff | minimal), excluded columns, redacted columns, tenant column, actor column.
-- The actor column speaks where one transaction carries the deeds of many devices.
CREATE OR REPLACE FUNCTION audit_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  mode CONSTANT text := TG_ARGV[0];
  excluded CONSTANT text[] := string_to_array(TG_ARGV[1], ',');
  redacted CONSTANT text[] := string_to_array(TG_ARGV[2], ',');
  tenant CONSTANT text := TG_ARGV[3];
  actor_column CONSTANT text := NULLIF(TG_ARGV[4], '');
  said CONSTANT jsonb := NULLIF(current_setting('app.context', true), '')::jsonb;
  -- Taken apart once a statement, not once a row.
  by_row CONSTANT boolean := actor_column IS NOT NULL AND coalesce(said->>'kind' = 'device', false);
  kind CONSTANT text := coalesce(said->>'kind', 'database');
  actor CONSTANT uuid := (said->>'id')::uuid;
  label CONSTANT text := coalesce(said->>'label', session_user::text);
  request CONSTANT text := said->>'request';
  job CONSTANT text := said->>'job';
  run CONSTANT text := said->>'run';
  step CONSTANT text := said->>'step';
  reason CONSTANT text := said->>'reason';
  transaction CONSTANT bigint := pg_current_xact_id()::text::bigint;
BEGIN
  -- What differs is {"field": [old, new]}; `minimal` names the fields only; redacted values are masked. It stands in
  -- each statement: as a function of its own it took longer than all else together. OFFSET 0 keeps a row's jsonb from
  -- being made again for each of its fields.
  IF TG_OP = 'INSERT' THEN
    INSERT INTO audit_entry (organization_id, id, created_at, action, object, object_id, changes, actor_kind,
                             actor_id, actor_label, request, job, run, step, reason, transaction)
    SELECT audit_tenant(fresh, tenant), audit_id(), clock_timestamp(), 'created', TG_TABLE_NAME, (fresh->>'id')::uuid,
           (SELECT coalesce(jsonb_object_agg(field, CASE WHEN mode = 'minimal' THEN '[]'::jsonb
                        WHEN field = ANY (redacted) THEN '[null, "•••"]'::jsonb
                        ELSE jsonb_build_array(NULL, value) END), '{}')
              FROM jsonb_each(fresh) AS n(field, value) WHERE value <> 'null' AND field <> ALL (excluded)),
           kind, CASE WHEN by_row THEN (fresh->>actor_column)::uuid ELSE actor END, label, request, job,
           run, step, reason, transaction
    FROM (SELECT to_jsonb(n) AS fresh FROM new_rows n OFFSET 0) AS made;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO audit_entry (organization_id, id, created_at, action, object, object_id, changes, actor_kind,
                             actor_id, actor_label, request, job, run, step, reason, transaction)
    SELECT audit_tenant(stale, tenant), audit_id(), clock_timestamp(), 'deleted', TG_TABLE_NAME, (stale->>'id')::uuid,
           (SELECT coalesce(jsonb_object_agg(field, CASE WHEN mode = 'minimal' THEN '[]'::jsonb
                        WHEN field = ANY (redacted) THEN '["•••", null]'::jsonb
                        ELSE jsonb_build_array(value, NULL) END), '{}')
              FROM jsonb_each(stale) AS n(field, value) WHERE value <> 'null' AND field <> ALL (excluded)),
           kind, CASE WHEN by_row THEN (stale->>actor_column)::uuid ELSE actor END, label, request, job,
           run, step, reason, transaction
    FROM (SELECT to_jsonb(o) AS stale FROM old_rows o OFFSET 0) AS gone;
  ELSE
    INSERT INTO audit_entry (organization_id, id, created_at, action, object, object_id, changes, actor_kind,
                             actor_id, actor_label, request, job, run, step, reason, transaction)
    SELECT audit_tenant(fresh, tenant), audit_id(), clock_timestamp(), 'changed', TG_TABLE_NAME, (fresh->>'id')::uuid,
           diff, kind, CASE WHEN by_row THEN (fresh->>actor_column)::uuid ELSE actor END, label, request, job,
           run, step, reason, transaction
    FROM (SELECT to_jsonb(o) AS stale FROM old_rows o OFFSET 0) AS was
    JOIN (SELECT to_jsonb(n) AS fresh FROM new_rows n OFFSET 0) AS became
      ON stale->>'id' = fresh->>'id' AND stale->>tenant IS NOT DISTINCT FROM fresh->>tenant
    CROSS JOIN LATERAL (
      SELECT jsonb_object_agg(field, CASE
               WHEN mode = 'minimal' THEN '[]'::jsonb
               WHEN field = ANY (redacted) THEN jsonb_build_array(
                 CASE WHEN stale->field <> 'null' THEN '•••' END, CASE WHEN value <> 'null' THEN '•••' END)
               ELSE jsonb_build_array(NULLIF(stale->field, 'null'), NULLIF(value, 'null')) END) AS diff
        FROM jsonb_each(fresh) AS n(field, value)
       WHERE value IS DISTINCT FROM stale->field AND field <> ALL (excluded)) AS compared
    WHERE diff IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;

-- The organization of a row; rows that all tenants share are recorded under the platform.
CREATE OR REPLACE FUNCTION audit_tenant(line jsonb, tenant text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce((line->>NULLIF(tenant, ''))::uuid, '00000000-0000-0000-0000-000000000000'::uuid)
$$;

-- A UUID of version 7, so that the trail's index grows at its end (PostgreSQL 15 has no uuidv7()).
CREATE OR REPLACE FUNCTION audit_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
          || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid
$$;

-- Who may reach a tenant table: `"account"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "account" OWNER TO voelgoed_owner;
ALTER TABLE "account" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "account" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "account";
CREATE POLICY tenant ON "account" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "account";
CREATE POLICY owner ON "account" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "account";
CREATE POLICY reader ON "account" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "account" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "account" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "account" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "account";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "account"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "account";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "account" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "account";
DROP TRIGGER IF EXISTS audit_insert ON "account";
DROP TRIGGER IF EXISTS audit_update ON "account";
DROP TRIGGER IF EXISTS audit_delete ON "account";

CREATE TRIGGER audit_insert AFTER INSERT ON "account" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "account" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "account" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"admission"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "admission" OWNER TO voelgoed_owner;
ALTER TABLE "admission" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "admission" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "admission";
CREATE POLICY tenant ON "admission" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "admission";
CREATE POLICY owner ON "admission" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "admission";
CREATE POLICY reader ON "admission" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "admission" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "admission" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "admission" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "admission";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "admission"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "admission";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "admission" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "admission";
DROP TRIGGER IF EXISTS audit_insert ON "admission";
DROP TRIGGER IF EXISTS audit_update ON "admission";
DROP TRIGGER IF EXISTS audit_delete ON "admission";

CREATE TRIGGER audit_insert AFTER INSERT ON "admission" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('minimal', 'created_at,id,organization_id,updated_at', '', 'organization_id', 'device_id');
CREATE TRIGGER audit_update AFTER UPDATE ON "admission" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('minimal', 'created_at,id,organization_id,updated_at', '', 'organization_id', 'device_id');
CREATE TRIGGER audit_delete AFTER DELETE ON "admission" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('minimal', 'created_at,id,organization_id,updated_at', '', 'organization_id', 'device_id');

-- No admission is opened at or after its ticket's void. Runs after the foreign key's own check has waited for a void
-- that is just being committed, and so sees it: the scan is judged again. Who is inside goes on and comes back out
-- through inner gates, void or not: only coming in counts.
CREATE OR REPLACE FUNCTION refuse_voided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM ticket_void v WHERE v.organization_id = NEW.organization_id
              AND v.ticket_id = NEW.ticket_id AND v.created_at <= NEW.opened_at) THEN
    RAISE EXCEPTION 'ticket % was void by then', NEW.ticket_id USING ERRCODE = 'serialization_failure';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS void_is_final ON "admission";
CREATE TRIGGER void_is_final AFTER INSERT ON "admission" FOR EACH ROW
  WHEN (NEW.move_number = 0) EXECUTE FUNCTION refuse_voided();

-- Who may reach a tenant table: `"api_token"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "api_token" OWNER TO voelgoed_owner;
ALTER TABLE "api_token" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "api_token" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "api_token";
CREATE POLICY tenant ON "api_token" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "api_token";
CREATE POLICY owner ON "api_token" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "api_token";
CREATE POLICY reader ON "api_token" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "api_token" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "api_token" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "api_token" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "api_token";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "api_token"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "api_token";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "api_token" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "api_token";
DROP TRIGGER IF EXISTS audit_insert ON "api_token";
DROP TRIGGER IF EXISTS audit_update ON "api_token";
DROP TRIGGER IF EXISTS audit_delete ON "api_token";

CREATE TRIGGER audit_insert AFTER INSERT ON "api_token" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_hash,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "api_token" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_hash,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "api_token" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_hash,updated_at', '', 'organization_id', '');

-- A table that all tenants share: the application sees it only through the door's functions.
ALTER TABLE "attempt_count" OWNER TO voelgoed_owner;
ALTER TABLE "attempt_count" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "attempt_count" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON "attempt_count";
CREATE POLICY owner ON "attempt_count" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS door ON "attempt_count";
CREATE POLICY door ON "attempt_count" TO voelgoed_door USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "attempt_count";
CREATE POLICY reader ON "attempt_count" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "attempt_count" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "attempt_count" FROM voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "attempt_count";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF id ON "attempt_count"
  FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "attempt_count";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "attempt_count" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "attempt_count";
DROP TRIGGER IF EXISTS audit_insert ON "attempt_count";
DROP TRIGGER IF EXISTS audit_update ON "attempt_count";
DROP TRIGGER IF EXISTS audit_delete ON "attempt_count";

-- Who may reach a tenant table: `"audit_entry"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "audit_entry" OWNER TO voelgoed_owner;
ALTER TABLE "audit_entry" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "audit_entry" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "audit_entry";
CREATE POLICY tenant ON "audit_entry" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "audit_entry";
CREATE POLICY owner ON "audit_entry" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "audit_entry";
CREATE POLICY reader ON "audit_entry" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "audit_entry" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "audit_entry" FROM voelgoed_app;
GRANT SELECT ON "audit_entry" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "audit_entry";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "audit_entry"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "audit_entry";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "audit_entry" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "audit_entry";
DROP TRIGGER IF EXISTS audit_insert ON "audit_entry";
DROP TRIGGER IF EXISTS audit_update ON "audit_entry";
DROP TRIGGER IF EXISTS audit_delete ON "audit_entry";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "audit_entry"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"batch_decision"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "batch_decision" OWNER TO voelgoed_owner;
ALTER TABLE "batch_decision" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "batch_decision" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "batch_decision";
CREATE POLICY tenant ON "batch_decision" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "batch_decision";
CREATE POLICY owner ON "batch_decision" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "batch_decision";
CREATE POLICY reader ON "batch_decision" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "batch_decision" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "batch_decision" FROM voelgoed_app;
GRANT SELECT, INSERT ON "batch_decision" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "batch_decision";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "batch_decision"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "batch_decision";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "batch_decision" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "batch_decision";
DROP TRIGGER IF EXISTS audit_insert ON "batch_decision";
DROP TRIGGER IF EXISTS audit_update ON "batch_decision";
DROP TRIGGER IF EXISTS audit_delete ON "batch_decision";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "batch_decision"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"cancellation_charge"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "cancellation_charge" OWNER TO voelgoed_owner;
ALTER TABLE "cancellation_charge" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cancellation_charge" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "cancellation_charge";
CREATE POLICY tenant ON "cancellation_charge" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "cancellation_charge";
CREATE POLICY owner ON "cancellation_charge" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "cancellation_charge";
CREATE POLICY reader ON "cancellation_charge" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "cancellation_charge" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "cancellation_charge" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "cancellation_charge" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "cancellation_charge";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "cancellation_charge"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "cancellation_charge";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "cancellation_charge" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "cancellation_charge";
DROP TRIGGER IF EXISTS audit_insert ON "cancellation_charge";
DROP TRIGGER IF EXISTS audit_update ON "cancellation_charge";
DROP TRIGGER IF EXISTS audit_delete ON "cancellation_charge";

CREATE TRIGGER audit_insert AFTER INSERT ON "cancellation_charge" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "cancellation_charge" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "cancellation_charge" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"card_machine"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "card_machine" OWNER TO voelgoed_owner;
ALTER TABLE "card_machine" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "card_machine" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "card_machine";
CREATE POLICY tenant ON "card_machine" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "card_machine";
CREATE POLICY owner ON "card_machine" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "card_machine";
CREATE POLICY reader ON "card_machine" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "card_machine" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "card_machine" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "card_machine" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "card_machine";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "card_machine"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "card_machine";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "card_machine" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "card_machine";
DROP TRIGGER IF EXISTS audit_insert ON "card_machine";
DROP TRIGGER IF EXISTS audit_update ON "card_machine";
DROP TRIGGER IF EXISTS audit_delete ON "card_machine";

CREATE TRIGGER audit_insert AFTER INSERT ON "card_machine" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "card_machine" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "card_machine" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"cash_count"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "cash_count" OWNER TO voelgoed_owner;
ALTER TABLE "cash_count" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cash_count" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "cash_count";
CREATE POLICY tenant ON "cash_count" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "cash_count";
CREATE POLICY owner ON "cash_count" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "cash_count";
CREATE POLICY reader ON "cash_count" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "cash_count" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "cash_count" FROM voelgoed_app;
GRANT SELECT, INSERT ON "cash_count" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "cash_count";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "cash_count"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "cash_count";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "cash_count" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "cash_count";
DROP TRIGGER IF EXISTS audit_insert ON "cash_count";
DROP TRIGGER IF EXISTS audit_update ON "cash_count";
DROP TRIGGER IF EXISTS audit_delete ON "cash_count";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "cash_count"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"cash_move"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "cash_move" OWNER TO voelgoed_owner;
ALTER TABLE "cash_move" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "cash_move" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "cash_move";
CREATE POLICY tenant ON "cash_move" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "cash_move";
CREATE POLICY owner ON "cash_move" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "cash_move";
CREATE POLICY reader ON "cash_move" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "cash_move" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "cash_move" FROM voelgoed_app;
GRANT SELECT, INSERT ON "cash_move" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "cash_move";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "cash_move"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "cash_move";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "cash_move" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "cash_move";
DROP TRIGGER IF EXISTS audit_insert ON "cash_move";
DROP TRIGGER IF EXISTS audit_update ON "cash_move";
DROP TRIGGER IF EXISTS audit_delete ON "cash_move";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "cash_move"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"charge"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "charge" OWNER TO voelgoed_owner;
ALTER TABLE "charge" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "charge" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "charge";
CREATE POLICY tenant ON "charge" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "charge";
CREATE POLICY owner ON "charge" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "charge";
CREATE POLICY reader ON "charge" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "charge" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "charge" FROM voelgoed_app;
GRANT SELECT, INSERT ON "charge" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "charge";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "charge"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "charge";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "charge" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "charge";
DROP TRIGGER IF EXISTS audit_insert ON "charge";
DROP TRIGGER IF EXISTS audit_update ON "charge";
DROP TRIGGER IF EXISTS audit_delete ON "charge";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "charge"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"charge_end"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "charge_end" OWNER TO voelgoed_owner;
ALTER TABLE "charge_end" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "charge_end" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "charge_end";
CREATE POLICY tenant ON "charge_end" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "charge_end";
CREATE POLICY owner ON "charge_end" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "charge_end";
CREATE POLICY reader ON "charge_end" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "charge_end" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "charge_end" FROM voelgoed_app;
GRANT SELECT, INSERT ON "charge_end" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "charge_end";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "charge_end"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "charge_end";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "charge_end" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "charge_end";
DROP TRIGGER IF EXISTS audit_insert ON "charge_end";
DROP TRIGGER IF EXISTS audit_update ON "charge_end";
DROP TRIGGER IF EXISTS audit_delete ON "charge_end";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "charge_end"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"checkout"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "checkout" OWNER TO voelgoed_owner;
ALTER TABLE "checkout" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "checkout" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "checkout";
CREATE POLICY tenant ON "checkout" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "checkout";
CREATE POLICY owner ON "checkout" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "checkout";
CREATE POLICY reader ON "checkout" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "checkout" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "checkout" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "checkout" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "checkout";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "checkout"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "checkout";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "checkout" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "checkout";
DROP TRIGGER IF EXISTS audit_insert ON "checkout";
DROP TRIGGER IF EXISTS audit_update ON "checkout";
DROP TRIGGER IF EXISTS audit_delete ON "checkout";

CREATE TRIGGER audit_insert AFTER INSERT ON "checkout" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "checkout" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "checkout" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"checkout_attempt"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "checkout_attempt" OWNER TO voelgoed_owner;
ALTER TABLE "checkout_attempt" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "checkout_attempt" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "checkout_attempt";
CREATE POLICY tenant ON "checkout_attempt" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "checkout_attempt";
CREATE POLICY owner ON "checkout_attempt" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "checkout_attempt";
CREATE POLICY reader ON "checkout_attempt" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "checkout_attempt" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "checkout_attempt" FROM voelgoed_app;
GRANT SELECT, INSERT ON "checkout_attempt" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "checkout_attempt";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "checkout_attempt"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "checkout_attempt";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "checkout_attempt" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "checkout_attempt";
DROP TRIGGER IF EXISTS audit_insert ON "checkout_attempt";
DROP TRIGGER IF EXISTS audit_update ON "checkout_attempt";
DROP TRIGGER IF EXISTS audit_delete ON "checkout_attempt";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "checkout_attempt"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"checkout_discount"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "checkout_discount" OWNER TO voelgoed_owner;
ALTER TABLE "checkout_discount" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "checkout_discount" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "checkout_discount";
CREATE POLICY tenant ON "checkout_discount" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "checkout_discount";
CREATE POLICY owner ON "checkout_discount" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "checkout_discount";
CREATE POLICY reader ON "checkout_discount" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "checkout_discount" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "checkout_discount" FROM voelgoed_app;
GRANT SELECT, INSERT ON "checkout_discount" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "checkout_discount";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "checkout_discount"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "checkout_discount";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "checkout_discount" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "checkout_discount";
DROP TRIGGER IF EXISTS audit_insert ON "checkout_discount";
DROP TRIGGER IF EXISTS audit_update ON "checkout_discount";
DROP TRIGGER IF EXISTS audit_delete ON "checkout_discount";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "checkout_discount"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"checkout_fee"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "checkout_fee" OWNER TO voelgoed_owner;
ALTER TABLE "checkout_fee" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "checkout_fee" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "checkout_fee";
CREATE POLICY tenant ON "checkout_fee" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "checkout_fee";
CREATE POLICY owner ON "checkout_fee" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "checkout_fee";
CREATE POLICY reader ON "checkout_fee" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "checkout_fee" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "checkout_fee" FROM voelgoed_app;
GRANT SELECT, INSERT ON "checkout_fee" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "checkout_fee";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "checkout_fee"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "checkout_fee";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "checkout_fee" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "checkout_fee";
DROP TRIGGER IF EXISTS audit_insert ON "checkout_fee";
DROP TRIGGER IF EXISTS audit_update ON "checkout_fee";
DROP TRIGGER IF EXISTS audit_delete ON "checkout_fee";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "checkout_fee"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"checkout_line"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "checkout_line" OWNER TO voelgoed_owner;
ALTER TABLE "checkout_line" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "checkout_line" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "checkout_line";
CREATE POLICY tenant ON "checkout_line" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "checkout_line";
CREATE POLICY owner ON "checkout_line" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "checkout_line";
CREATE POLICY reader ON "checkout_line" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "checkout_line" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "checkout_line" FROM voelgoed_app;
GRANT SELECT, INSERT ON "checkout_line" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "checkout_line";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "checkout_line"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "checkout_line";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "checkout_line" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "checkout_line";
DROP TRIGGER IF EXISTS audit_insert ON "checkout_line";
DROP TRIGGER IF EXISTS audit_update ON "checkout_line";
DROP TRIGGER IF EXISTS audit_delete ON "checkout_line";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "checkout_line"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"checkout_outcome"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "checkout_outcome" OWNER TO voelgoed_owner;
ALTER TABLE "checkout_outcome" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "checkout_outcome" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "checkout_outcome";
CREATE POLICY tenant ON "checkout_outcome" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "checkout_outcome";
CREATE POLICY owner ON "checkout_outcome" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "checkout_outcome";
CREATE POLICY reader ON "checkout_outcome" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "checkout_outcome" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "checkout_outcome" FROM voelgoed_app;
GRANT SELECT, INSERT ON "checkout_outcome" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "checkout_outcome";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "checkout_outcome"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "checkout_outcome";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "checkout_outcome" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "checkout_outcome";
DROP TRIGGER IF EXISTS audit_insert ON "checkout_outcome";
DROP TRIGGER IF EXISTS audit_update ON "checkout_outcome";
DROP TRIGGER IF EXISTS audit_delete ON "checkout_outcome";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "checkout_outcome"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"checkout_series"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "checkout_series" OWNER TO voelgoed_owner;
ALTER TABLE "checkout_series" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "checkout_series" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "checkout_series";
CREATE POLICY tenant ON "checkout_series" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "checkout_series";
CREATE POLICY owner ON "checkout_series" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "checkout_series";
CREATE POLICY reader ON "checkout_series" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "checkout_series" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "checkout_series" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "checkout_series" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "checkout_series";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "checkout_series"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "checkout_series";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "checkout_series" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "checkout_series";
DROP TRIGGER IF EXISTS audit_insert ON "checkout_series";
DROP TRIGGER IF EXISTS audit_update ON "checkout_series";
DROP TRIGGER IF EXISTS audit_delete ON "checkout_series";

-- Who may reach a tenant table: `"clerk_discount"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "clerk_discount" OWNER TO voelgoed_owner;
ALTER TABLE "clerk_discount" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "clerk_discount" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "clerk_discount";
CREATE POLICY tenant ON "clerk_discount" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "clerk_discount";
CREATE POLICY owner ON "clerk_discount" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "clerk_discount";
CREATE POLICY reader ON "clerk_discount" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "clerk_discount" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "clerk_discount" FROM voelgoed_app;
GRANT SELECT, INSERT ON "clerk_discount" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "clerk_discount";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "clerk_discount"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "clerk_discount";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "clerk_discount" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "clerk_discount";
DROP TRIGGER IF EXISTS audit_insert ON "clerk_discount";
DROP TRIGGER IF EXISTS audit_update ON "clerk_discount";
DROP TRIGGER IF EXISTS audit_delete ON "clerk_discount";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "clerk_discount"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"closed_day"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "closed_day" OWNER TO voelgoed_owner;
ALTER TABLE "closed_day" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "closed_day" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "closed_day";
CREATE POLICY tenant ON "closed_day" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "closed_day";
CREATE POLICY owner ON "closed_day" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "closed_day";
CREATE POLICY reader ON "closed_day" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "closed_day" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "closed_day" FROM voelgoed_app;
GRANT SELECT, INSERT ON "closed_day" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "closed_day";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "closed_day"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "closed_day";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "closed_day" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "closed_day";
DROP TRIGGER IF EXISTS audit_insert ON "closed_day";
DROP TRIGGER IF EXISTS audit_update ON "closed_day";
DROP TRIGGER IF EXISTS audit_delete ON "closed_day";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "closed_day"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"comp"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "comp" OWNER TO voelgoed_owner;
ALTER TABLE "comp" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "comp" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "comp";
CREATE POLICY tenant ON "comp" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "comp";
CREATE POLICY owner ON "comp" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "comp";
CREATE POLICY reader ON "comp" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "comp" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "comp" FROM voelgoed_app;
GRANT SELECT, INSERT ON "comp" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "comp";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "comp"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "comp";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "comp" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "comp";
DROP TRIGGER IF EXISTS audit_insert ON "comp";
DROP TRIGGER IF EXISTS audit_update ON "comp";
DROP TRIGGER IF EXISTS audit_delete ON "comp";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "comp"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"comp_count"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "comp_count" OWNER TO voelgoed_owner;
ALTER TABLE "comp_count" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "comp_count" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "comp_count";
CREATE POLICY tenant ON "comp_count" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "comp_count";
CREATE POLICY owner ON "comp_count" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "comp_count";
CREATE POLICY reader ON "comp_count" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "comp_count" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "comp_count" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "comp_count" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "comp_count";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "comp_count"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "comp_count";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "comp_count" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "comp_count";
DROP TRIGGER IF EXISTS audit_insert ON "comp_count";
DROP TRIGGER IF EXISTS audit_update ON "comp_count";
DROP TRIGGER IF EXISTS audit_delete ON "comp_count";

-- Who may reach a tenant table: `"conflict"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "conflict" OWNER TO voelgoed_owner;
ALTER TABLE "conflict" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "conflict" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "conflict";
CREATE POLICY tenant ON "conflict" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "conflict";
CREATE POLICY owner ON "conflict" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "conflict";
CREATE POLICY reader ON "conflict" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "conflict" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "conflict" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "conflict" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "conflict";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "conflict"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "conflict";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "conflict" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "conflict";
DROP TRIGGER IF EXISTS audit_insert ON "conflict";
DROP TRIGGER IF EXISTS audit_update ON "conflict";
DROP TRIGGER IF EXISTS audit_delete ON "conflict";

CREATE TRIGGER audit_insert AFTER INSERT ON "conflict" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "conflict" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "conflict" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"conflict_closure"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "conflict_closure" OWNER TO voelgoed_owner;
ALTER TABLE "conflict_closure" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "conflict_closure" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "conflict_closure";
CREATE POLICY tenant ON "conflict_closure" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "conflict_closure";
CREATE POLICY owner ON "conflict_closure" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "conflict_closure";
CREATE POLICY reader ON "conflict_closure" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "conflict_closure" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "conflict_closure" FROM voelgoed_app;
GRANT SELECT, INSERT ON "conflict_closure" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "conflict_closure";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "conflict_closure"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "conflict_closure";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "conflict_closure" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "conflict_closure";
DROP TRIGGER IF EXISTS audit_insert ON "conflict_closure";
DROP TRIGGER IF EXISTS audit_update ON "conflict_closure";
DROP TRIGGER IF EXISTS audit_delete ON "conflict_closure";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "conflict_closure"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"credit_note"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "credit_note" OWNER TO voelgoed_owner;
ALTER TABLE "credit_note" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "credit_note" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "credit_note";
CREATE POLICY tenant ON "credit_note" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "credit_note";
CREATE POLICY owner ON "credit_note" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "credit_note";
CREATE POLICY reader ON "credit_note" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "credit_note" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "credit_note" FROM voelgoed_app;
GRANT SELECT, INSERT ON "credit_note" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "credit_note";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "credit_note"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "credit_note";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "credit_note" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "credit_note";
DROP TRIGGER IF EXISTS audit_insert ON "credit_note";
DROP TRIGGER IF EXISTS audit_update ON "credit_note";
DROP TRIGGER IF EXISTS audit_delete ON "credit_note";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "credit_note"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"credit_note_print"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "credit_note_print" OWNER TO voelgoed_owner;
ALTER TABLE "credit_note_print" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "credit_note_print" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "credit_note_print";
CREATE POLICY tenant ON "credit_note_print" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "credit_note_print";
CREATE POLICY owner ON "credit_note_print" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "credit_note_print";
CREATE POLICY reader ON "credit_note_print" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "credit_note_print" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "credit_note_print" FROM voelgoed_app;
GRANT SELECT, INSERT ON "credit_note_print" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "credit_note_print";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "credit_note_print"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "credit_note_print";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "credit_note_print" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "credit_note_print";
DROP TRIGGER IF EXISTS audit_insert ON "credit_note_print";
DROP TRIGGER IF EXISTS audit_update ON "credit_note_print";
DROP TRIGGER IF EXISTS audit_delete ON "credit_note_print";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "credit_note_print"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"customer"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "customer" OWNER TO voelgoed_owner;
ALTER TABLE "customer" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "customer" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "customer";
CREATE POLICY tenant ON "customer" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "customer";
CREATE POLICY owner ON "customer" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "customer";
CREATE POLICY reader ON "customer" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "customer" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "customer" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "customer" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "customer";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "customer"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "customer";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "customer" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "customer";
DROP TRIGGER IF EXISTS audit_insert ON "customer";
DROP TRIGGER IF EXISTS audit_update ON "customer";
DROP TRIGGER IF EXISTS audit_delete ON "customer";

CREATE TRIGGER audit_insert AFTER INSERT ON "customer" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,email_key,id,name_key,organization_id,phone_key,updated_at', 'email,email_key,name,name_key,phone,phone_key', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "customer" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,email_key,id,name_key,organization_id,phone_key,updated_at', 'email,email_key,name,name_key,phone,phone_key', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "customer" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,email_key,id,name_key,organization_id,phone_key,updated_at', 'email,email_key,name,name_key,phone,phone_key', 'organization_id', '');

-- Who may reach a tenant table: `"day"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "day" OWNER TO voelgoed_owner;
ALTER TABLE "day" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "day" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "day";
CREATE POLICY tenant ON "day" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "day";
CREATE POLICY owner ON "day" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "day";
CREATE POLICY reader ON "day" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "day" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "day" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "day" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "day";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "day"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "day";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "day" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "day";
DROP TRIGGER IF EXISTS audit_insert ON "day";
DROP TRIGGER IF EXISTS audit_update ON "day";
DROP TRIGGER IF EXISTS audit_delete ON "day";

CREATE TRIGGER audit_insert AFTER INSERT ON "day" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "day" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "day" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"day_code"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "day_code" OWNER TO voelgoed_owner;
ALTER TABLE "day_code" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "day_code" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "day_code";
CREATE POLICY tenant ON "day_code" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "day_code";
CREATE POLICY owner ON "day_code" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "day_code";
CREATE POLICY reader ON "day_code" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "day_code" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "day_code" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "day_code" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "day_code";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "day_code"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "day_code";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "day_code" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "day_code";
DROP TRIGGER IF EXISTS audit_insert ON "day_code";
DROP TRIGGER IF EXISTS audit_update ON "day_code";
DROP TRIGGER IF EXISTS audit_delete ON "day_code";

CREATE TRIGGER audit_insert AFTER INSERT ON "day_code" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'code_sealed,created_at,id,key_sealed,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "day_code" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'code_sealed,created_at,id,key_sealed,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "day_code" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'code_sealed,created_at,id,key_sealed,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"day_end"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "day_end" OWNER TO voelgoed_owner;
ALTER TABLE "day_end" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "day_end" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "day_end";
CREATE POLICY tenant ON "day_end" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "day_end";
CREATE POLICY owner ON "day_end" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "day_end";
CREATE POLICY reader ON "day_end" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "day_end" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "day_end" FROM voelgoed_app;
GRANT SELECT, INSERT ON "day_end" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "day_end";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "day_end"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "day_end";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "day_end" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "day_end";
DROP TRIGGER IF EXISTS audit_insert ON "day_end";
DROP TRIGGER IF EXISTS audit_update ON "day_end";
DROP TRIGGER IF EXISTS audit_delete ON "day_end";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "day_end"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"day_list"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "day_list" OWNER TO voelgoed_owner;
ALTER TABLE "day_list" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "day_list" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "day_list";
CREATE POLICY tenant ON "day_list" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "day_list";
CREATE POLICY owner ON "day_list" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "day_list";
CREATE POLICY reader ON "day_list" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "day_list" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "day_list" FROM voelgoed_app;
GRANT SELECT, INSERT ON "day_list" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "day_list";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "day_list"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "day_list";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "day_list" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "day_list";
DROP TRIGGER IF EXISTS audit_insert ON "day_list";
DROP TRIGGER IF EXISTS audit_update ON "day_list";
DROP TRIGGER IF EXISTS audit_delete ON "day_list";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "day_list"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"day_list_item"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "day_list_item" OWNER TO voelgoed_owner;
ALTER TABLE "day_list_item" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "day_list_item" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "day_list_item";
CREATE POLICY tenant ON "day_list_item" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "day_list_item";
CREATE POLICY owner ON "day_list_item" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "day_list_item";
CREATE POLICY reader ON "day_list_item" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "day_list_item" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "day_list_item" FROM voelgoed_app;
GRANT SELECT, INSERT ON "day_list_item" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "day_list_item";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "day_list_item"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "day_list_item";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "day_list_item" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "day_list_item";
DROP TRIGGER IF EXISTS audit_insert ON "day_list_item";
DROP TRIGGER IF EXISTS audit_update ON "day_list_item";
DROP TRIGGER IF EXISTS audit_delete ON "day_list_item";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "day_list_item"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"day_total"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "day_total" OWNER TO voelgoed_owner;
ALTER TABLE "day_total" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "day_total" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "day_total";
CREATE POLICY tenant ON "day_total" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "day_total";
CREATE POLICY owner ON "day_total" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "day_total";
CREATE POLICY reader ON "day_total" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "day_total" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "day_total" FROM voelgoed_app;
GRANT SELECT, INSERT ON "day_total" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "day_total";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "day_total"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "day_total";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "day_total" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "day_total";
DROP TRIGGER IF EXISTS audit_insert ON "day_total";
DROP TRIGGER IF EXISTS audit_update ON "day_total";
DROP TRIGGER IF EXISTS audit_delete ON "day_total";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "day_total"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"device"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "device" OWNER TO voelgoed_owner;
ALTER TABLE "device" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "device" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "device";
CREATE POLICY tenant ON "device" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "device";
CREATE POLICY owner ON "device" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "device";
CREATE POLICY reader ON "device" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "device" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "device" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "device" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "device";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "device"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "device";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "device" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "device";
DROP TRIGGER IF EXISTS audit_insert ON "device";
DROP TRIGGER IF EXISTS audit_update ON "device";
DROP TRIGGER IF EXISTS audit_delete ON "device";

CREATE TRIGGER audit_insert AFTER INSERT ON "device" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'address,app_version,battery,bundle_made_at,bundle_version,clock_offset_ms,created_at,id,last_heard_at,organization_id,stops_known,token_hash,unsent,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "device" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'address,app_version,battery,bundle_made_at,bundle_version,clock_offset_ms,created_at,id,last_heard_at,organization_id,stops_known,token_hash,unsent,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "device" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'address,app_version,battery,bundle_made_at,bundle_version,clock_offset_ms,created_at,id,last_heard_at,organization_id,stops_known,token_hash,unsent,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"device_move"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "device_move" OWNER TO voelgoed_owner;
ALTER TABLE "device_move" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "device_move" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "device_move";
CREATE POLICY tenant ON "device_move" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "device_move";
CREATE POLICY owner ON "device_move" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "device_move";
CREATE POLICY reader ON "device_move" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "device_move" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "device_move" FROM voelgoed_app;
GRANT SELECT, INSERT ON "device_move" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "device_move";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "device_move"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "device_move";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "device_move" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "device_move";
DROP TRIGGER IF EXISTS audit_insert ON "device_move";
DROP TRIGGER IF EXISTS audit_update ON "device_move";
DROP TRIGGER IF EXISTS audit_delete ON "device_move";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "device_move"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"difference_resolution"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "difference_resolution" OWNER TO voelgoed_owner;
ALTER TABLE "difference_resolution" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "difference_resolution" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "difference_resolution";
CREATE POLICY tenant ON "difference_resolution" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "difference_resolution";
CREATE POLICY owner ON "difference_resolution" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "difference_resolution";
CREATE POLICY reader ON "difference_resolution" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "difference_resolution" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "difference_resolution" FROM voelgoed_app;
GRANT SELECT, INSERT ON "difference_resolution" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "difference_resolution";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "difference_resolution"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "difference_resolution";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "difference_resolution" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "difference_resolution";
DROP TRIGGER IF EXISTS audit_insert ON "difference_resolution";
DROP TRIGGER IF EXISTS audit_update ON "difference_resolution";
DROP TRIGGER IF EXISTS audit_delete ON "difference_resolution";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "difference_resolution"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"discount"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "discount" OWNER TO voelgoed_owner;
ALTER TABLE "discount" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "discount" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "discount";
CREATE POLICY tenant ON "discount" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "discount";
CREATE POLICY owner ON "discount" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "discount";
CREATE POLICY reader ON "discount" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "discount" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "discount" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "discount" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "discount";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "discount"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "discount";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "discount" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "discount";
DROP TRIGGER IF EXISTS audit_insert ON "discount";
DROP TRIGGER IF EXISTS audit_update ON "discount";
DROP TRIGGER IF EXISTS audit_delete ON "discount";

CREATE TRIGGER audit_insert AFTER INSERT ON "discount" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'code_key,created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "discount" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'code_key,created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "discount" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'code_key,created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"drawer_opening"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "drawer_opening" OWNER TO voelgoed_owner;
ALTER TABLE "drawer_opening" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "drawer_opening" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "drawer_opening";
CREATE POLICY tenant ON "drawer_opening" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "drawer_opening";
CREATE POLICY owner ON "drawer_opening" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "drawer_opening";
CREATE POLICY reader ON "drawer_opening" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "drawer_opening" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "drawer_opening" FROM voelgoed_app;
GRANT SELECT, INSERT ON "drawer_opening" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "drawer_opening";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "drawer_opening"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "drawer_opening";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "drawer_opening" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "drawer_opening";
DROP TRIGGER IF EXISTS audit_insert ON "drawer_opening";
DROP TRIGGER IF EXISTS audit_update ON "drawer_opening";
DROP TRIGGER IF EXISTS audit_delete ON "drawer_opening";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "drawer_opening"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"entry_stop"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "entry_stop" OWNER TO voelgoed_owner;
ALTER TABLE "entry_stop" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "entry_stop" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "entry_stop";
CREATE POLICY tenant ON "entry_stop" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "entry_stop";
CREATE POLICY owner ON "entry_stop" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "entry_stop";
CREATE POLICY reader ON "entry_stop" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "entry_stop" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "entry_stop" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE ON "entry_stop" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "entry_stop";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "entry_stop"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "entry_stop";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "entry_stop" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "entry_stop";
DROP TRIGGER IF EXISTS audit_insert ON "entry_stop";
DROP TRIGGER IF EXISTS audit_update ON "entry_stop";
DROP TRIGGER IF EXISTS audit_delete ON "entry_stop";

CREATE TRIGGER audit_insert AFTER INSERT ON "entry_stop" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "entry_stop" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "entry_stop" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"event"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "event" OWNER TO voelgoed_owner;
ALTER TABLE "event" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "event" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "event";
CREATE POLICY tenant ON "event" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "event";
CREATE POLICY owner ON "event" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "event";
CREATE POLICY reader ON "event" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "event" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "event" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "event" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "event";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "event"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "event";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "event" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "event";
DROP TRIGGER IF EXISTS audit_insert ON "event";
DROP TRIGGER IF EXISTS audit_update ON "event";
DROP TRIGGER IF EXISTS audit_delete ON "event";

CREATE TRIGGER audit_insert AFTER INSERT ON "event" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "event" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "event" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- A rehearsal costs nothing, and whether an event is one is settled by the first that happens in it: figures that count
-- it, or leave it out, stay true.
CREATE OR REPLACE FUNCTION keep_rehearsal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'ticket_type' THEN
    IF NEW.price_cents > 0 AND EXISTS (SELECT FROM event e WHERE e.organization_id = NEW.organization_id
                                          AND e.id = NEW.event_id AND e.rehearsal) THEN
      RAISE EXCEPTION 'In a rehearsal nothing costs anything.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_is_free';
    END IF;
    RETURN NULL;
  END IF;
  IF NEW.rehearsal IS NOT DISTINCT FROM OLD.rehearsal THEN
    RETURN NULL;
  END IF;
  IF EXISTS (SELECT FROM checkout c WHERE c.organization_id = NEW.organization_id AND c.event_id = NEW.id)
     OR EXISTS (SELECT FROM ticket t WHERE t.organization_id = NEW.organization_id AND t.event_id = NEW.id)
     OR EXISTS (SELECT FROM scan s WHERE s.organization_id = NEW.organization_id AND s.event_id = NEW.id) THEN
    RAISE EXCEPTION 'Tickets or scans of it are there already: it stays what it is. Copy it instead.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_is_settled';
  END IF;
  IF NEW.rehearsal AND EXISTS (SELECT FROM ticket_type t WHERE t.organization_id = NEW.organization_id
                                  AND t.event_id = NEW.id AND t.price_cents > 0) THEN
    RAISE EXCEPTION 'In a rehearsal nothing costs anything: make its ticket types free, or copy it as a rehearsal.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_is_free';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS rehearsal ON "event";
CREATE TRIGGER rehearsal AFTER UPDATE OF rehearsal ON "event"
  FOR EACH ROW EXECUTE FUNCTION keep_rehearsal();
DROP TRIGGER IF EXISTS rehearsal ON ticket_type;
CREATE TRIGGER rehearsal AFTER INSERT OR UPDATE OF price_cents ON ticket_type
  FOR EACH ROW EXECUTE FUNCTION keep_rehearsal();

-- Who may reach a tenant table: `"fee"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "fee" OWNER TO voelgoed_owner;
ALTER TABLE "fee" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "fee" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "fee";
CREATE POLICY tenant ON "fee" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "fee";
CREATE POLICY owner ON "fee" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "fee";
CREATE POLICY reader ON "fee" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "fee" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "fee" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "fee" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "fee";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "fee"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "fee";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "fee" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "fee";
DROP TRIGGER IF EXISTS audit_insert ON "fee";
DROP TRIGGER IF EXISTS audit_update ON "fee";
DROP TRIGGER IF EXISTS audit_delete ON "fee";

CREATE TRIGGER audit_insert AFTER INSERT ON "fee" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "fee" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "fee" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');

-- A table that all tenants share: the application sees it only through the door's functions.
ALTER TABLE "first_owner_link" OWNER TO voelgoed_owner;
ALTER TABLE "first_owner_link" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "first_owner_link" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON "first_owner_link";
CREATE POLICY owner ON "first_owner_link" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS door ON "first_owner_link";
CREATE POLICY door ON "first_owner_link" TO voelgoed_door USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "first_owner_link";
CREATE POLICY reader ON "first_owner_link" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "first_owner_link" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "first_owner_link" FROM voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "first_owner_link";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF id ON "first_owner_link"
  FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "first_owner_link";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "first_owner_link" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "first_owner_link";
DROP TRIGGER IF EXISTS audit_insert ON "first_owner_link";
DROP TRIGGER IF EXISTS audit_update ON "first_owner_link";
DROP TRIGGER IF EXISTS audit_delete ON "first_owner_link";

CREATE TRIGGER audit_insert AFTER INSERT ON "first_owner_link" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('minimal', 'created_at,id,organization_id,secret_hash,updated_at', '', '', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "first_owner_link" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('minimal', 'created_at,id,organization_id,secret_hash,updated_at', '', '', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "first_owner_link" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('minimal', 'created_at,id,organization_id,secret_hash,updated_at', '', '', '');

-- Who may reach a tenant table: `"gate"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "gate" OWNER TO voelgoed_owner;
ALTER TABLE "gate" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "gate" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "gate";
CREATE POLICY tenant ON "gate" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "gate";
CREATE POLICY owner ON "gate" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "gate";
CREATE POLICY reader ON "gate" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "gate" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "gate" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "gate" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "gate";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "gate"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "gate";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "gate" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "gate";
DROP TRIGGER IF EXISTS audit_insert ON "gate";
DROP TRIGGER IF EXISTS audit_update ON "gate";
DROP TRIGGER IF EXISTS audit_delete ON "gate";

CREATE TRIGGER audit_insert AFTER INSERT ON "gate" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "gate" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "gate" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"gate_pass"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "gate_pass" OWNER TO voelgoed_owner;
ALTER TABLE "gate_pass" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "gate_pass" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "gate_pass";
CREATE POLICY tenant ON "gate_pass" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "gate_pass";
CREATE POLICY owner ON "gate_pass" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "gate_pass";
CREATE POLICY reader ON "gate_pass" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "gate_pass" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "gate_pass" FROM voelgoed_app;
GRANT SELECT, INSERT ON "gate_pass" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "gate_pass";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "gate_pass"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "gate_pass";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "gate_pass" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "gate_pass";
DROP TRIGGER IF EXISTS audit_insert ON "gate_pass";
DROP TRIGGER IF EXISTS audit_update ON "gate_pass";
DROP TRIGGER IF EXISTS audit_delete ON "gate_pass";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "gate_pass"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"gate_pass_count"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "gate_pass_count" OWNER TO voelgoed_owner;
ALTER TABLE "gate_pass_count" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "gate_pass_count" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "gate_pass_count";
CREATE POLICY tenant ON "gate_pass_count" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "gate_pass_count";
CREATE POLICY owner ON "gate_pass_count" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "gate_pass_count";
CREATE POLICY reader ON "gate_pass_count" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "gate_pass_count" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "gate_pass_count" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "gate_pass_count" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "gate_pass_count";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "gate_pass_count"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "gate_pass_count";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "gate_pass_count" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "gate_pass_count";
DROP TRIGGER IF EXISTS audit_insert ON "gate_pass_count";
DROP TRIGGER IF EXISTS audit_update ON "gate_pass_count";
DROP TRIGGER IF EXISTS audit_delete ON "gate_pass_count";

-- Who may reach a tenant table: `"gateway_account"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "gateway_account" OWNER TO voelgoed_owner;
ALTER TABLE "gateway_account" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "gateway_account" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "gateway_account";
CREATE POLICY tenant ON "gateway_account" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "gateway_account";
CREATE POLICY owner ON "gateway_account" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "gateway_account";
CREATE POLICY reader ON "gateway_account" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "gateway_account" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "gateway_account" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "gateway_account" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "gateway_account";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "gateway_account"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "gateway_account";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "gateway_account" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "gateway_account";
DROP TRIGGER IF EXISTS audit_insert ON "gateway_account";
DROP TRIGGER IF EXISTS audit_update ON "gateway_account";
DROP TRIGGER IF EXISTS audit_delete ON "gateway_account";

CREATE TRIGGER audit_insert AFTER INSERT ON "gateway_account" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_sealed,updated_at,webhook_secret_sealed', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "gateway_account" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_sealed,updated_at,webhook_secret_sealed', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "gateway_account" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_sealed,updated_at,webhook_secret_sealed', '', 'organization_id', '');

-- Who may reach a tenant table: `"group_sale"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "group_sale" OWNER TO voelgoed_owner;
ALTER TABLE "group_sale" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "group_sale" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "group_sale";
CREATE POLICY tenant ON "group_sale" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "group_sale";
CREATE POLICY owner ON "group_sale" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "group_sale";
CREATE POLICY reader ON "group_sale" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "group_sale" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "group_sale" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "group_sale" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "group_sale";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "group_sale"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "group_sale";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "group_sale" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "group_sale";
DROP TRIGGER IF EXISTS audit_insert ON "group_sale";
DROP TRIGGER IF EXISTS audit_update ON "group_sale";
DROP TRIGGER IF EXISTS audit_delete ON "group_sale";

CREATE TRIGGER audit_insert AFTER INSERT ON "group_sale" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', 'address,group_name,names,vat_number', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "group_sale" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', 'address,group_name,names,vat_number', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "group_sale" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', 'address,group_name,names,vat_number', 'organization_id', '');

-- Who may reach a tenant table: `"hold"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "hold" OWNER TO voelgoed_owner;
ALTER TABLE "hold" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "hold" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "hold";
CREATE POLICY tenant ON "hold" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "hold";
CREATE POLICY owner ON "hold" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "hold";
CREATE POLICY reader ON "hold" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "hold" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "hold" FROM voelgoed_app;
GRANT SELECT, INSERT ON "hold" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "hold";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "hold"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "hold";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "hold" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "hold";
DROP TRIGGER IF EXISTS audit_insert ON "hold";
DROP TRIGGER IF EXISTS audit_update ON "hold";
DROP TRIGGER IF EXISTS audit_delete ON "hold";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "hold"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"hold_end"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "hold_end" OWNER TO voelgoed_owner;
ALTER TABLE "hold_end" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "hold_end" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "hold_end";
CREATE POLICY tenant ON "hold_end" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "hold_end";
CREATE POLICY owner ON "hold_end" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "hold_end";
CREATE POLICY reader ON "hold_end" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "hold_end" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "hold_end" FROM voelgoed_app;
GRANT SELECT, INSERT ON "hold_end" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "hold_end";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "hold_end"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "hold_end";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "hold_end" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "hold_end";
DROP TRIGGER IF EXISTS audit_insert ON "hold_end";
DROP TRIGGER IF EXISTS audit_update ON "hold_end";
DROP TRIGGER IF EXISTS audit_delete ON "hold_end";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "hold_end"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"hold_line"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "hold_line" OWNER TO voelgoed_owner;
ALTER TABLE "hold_line" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "hold_line" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "hold_line";
CREATE POLICY tenant ON "hold_line" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "hold_line";
CREATE POLICY owner ON "hold_line" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "hold_line";
CREATE POLICY reader ON "hold_line" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "hold_line" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "hold_line" FROM voelgoed_app;
GRANT SELECT, INSERT ON "hold_line" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "hold_line";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "hold_line"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "hold_line";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "hold_line" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "hold_line";
DROP TRIGGER IF EXISTS audit_insert ON "hold_line";
DROP TRIGGER IF EXISTS audit_update ON "hold_line";
DROP TRIGGER IF EXISTS audit_delete ON "hold_line";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "hold_line"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"idempotency_key"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "idempotency_key" OWNER TO voelgoed_owner;
ALTER TABLE "idempotency_key" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "idempotency_key" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "idempotency_key";
CREATE POLICY tenant ON "idempotency_key" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "idempotency_key";
CREATE POLICY owner ON "idempotency_key" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "idempotency_key";
CREATE POLICY reader ON "idempotency_key" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "idempotency_key" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "idempotency_key" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "idempotency_key" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "idempotency_key";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "idempotency_key"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "idempotency_key";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "idempotency_key" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "idempotency_key";
DROP TRIGGER IF EXISTS audit_insert ON "idempotency_key";
DROP TRIGGER IF EXISTS audit_update ON "idempotency_key";
DROP TRIGGER IF EXISTS audit_delete ON "idempotency_key";

-- Who may reach a tenant table: `"invitation"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "invitation" OWNER TO voelgoed_owner;
ALTER TABLE "invitation" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "invitation" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "invitation";
CREATE POLICY tenant ON "invitation" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "invitation";
CREATE POLICY owner ON "invitation" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "invitation";
CREATE POLICY reader ON "invitation" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "invitation" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "invitation" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "invitation" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "invitation";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "invitation"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "invitation";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "invitation" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "invitation";
DROP TRIGGER IF EXISTS audit_insert ON "invitation";
DROP TRIGGER IF EXISTS audit_update ON "invitation";
DROP TRIGGER IF EXISTS audit_delete ON "invitation";

CREATE TRIGGER audit_insert AFTER INSERT ON "invitation" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_hash,updated_at', 'email', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "invitation" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_hash,updated_at', 'email', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "invitation" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_hash,updated_at', 'email', 'organization_id', '');

-- Who may reach a tenant table: `"invoice"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "invoice" OWNER TO voelgoed_owner;
ALTER TABLE "invoice" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "invoice" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "invoice";
CREATE POLICY tenant ON "invoice" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "invoice";
CREATE POLICY owner ON "invoice" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "invoice";
CREATE POLICY reader ON "invoice" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "invoice" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "invoice" FROM voelgoed_app;
GRANT SELECT, INSERT ON "invoice" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "invoice";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "invoice"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "invoice";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "invoice" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "invoice";
DROP TRIGGER IF EXISTS audit_insert ON "invoice";
DROP TRIGGER IF EXISTS audit_update ON "invoice";
DROP TRIGGER IF EXISTS audit_delete ON "invoice";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "invoice"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"invoice_print"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "invoice_print" OWNER TO voelgoed_owner;
ALTER TABLE "invoice_print" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "invoice_print" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "invoice_print";
CREATE POLICY tenant ON "invoice_print" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "invoice_print";
CREATE POLICY owner ON "invoice_print" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "invoice_print";
CREATE POLICY reader ON "invoice_print" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "invoice_print" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "invoice_print" FROM voelgoed_app;
GRANT SELECT, INSERT ON "invoice_print" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "invoice_print";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "invoice_print"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "invoice_print";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "invoice_print" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "invoice_print";
DROP TRIGGER IF EXISTS audit_insert ON "invoice_print";
DROP TRIGGER IF EXISTS audit_update ON "invoice_print";
DROP TRIGGER IF EXISTS audit_delete ON "invoice_print";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "invoice_print"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"invoice_recipient"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "invoice_recipient" OWNER TO voelgoed_owner;
ALTER TABLE "invoice_recipient" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "invoice_recipient" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "invoice_recipient";
CREATE POLICY tenant ON "invoice_recipient" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "invoice_recipient";
CREATE POLICY owner ON "invoice_recipient" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "invoice_recipient";
CREATE POLICY reader ON "invoice_recipient" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "invoice_recipient" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "invoice_recipient" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "invoice_recipient" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "invoice_recipient";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "invoice_recipient"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "invoice_recipient";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "invoice_recipient" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "invoice_recipient";
DROP TRIGGER IF EXISTS audit_insert ON "invoice_recipient";
DROP TRIGGER IF EXISTS audit_update ON "invoice_recipient";
DROP TRIGGER IF EXISTS audit_delete ON "invoice_recipient";

CREATE TRIGGER audit_insert AFTER INSERT ON "invoice_recipient" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', 'address,name,vat_number', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "invoice_recipient" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', 'address,name,vat_number', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "invoice_recipient" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', 'address,name,vat_number', 'organization_id', '');

-- Who may reach a tenant table: `"journal_entry"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "journal_entry" OWNER TO voelgoed_owner;
ALTER TABLE "journal_entry" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "journal_entry" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "journal_entry";
CREATE POLICY tenant ON "journal_entry" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "journal_entry";
CREATE POLICY owner ON "journal_entry" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "journal_entry";
CREATE POLICY reader ON "journal_entry" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "journal_entry" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "journal_entry" FROM voelgoed_app;
GRANT SELECT, INSERT ON "journal_entry" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "journal_entry";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "journal_entry"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "journal_entry";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "journal_entry" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "journal_entry";
DROP TRIGGER IF EXISTS audit_insert ON "journal_entry";
DROP TRIGGER IF EXISTS audit_update ON "journal_entry";
DROP TRIGGER IF EXISTS audit_delete ON "journal_entry";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "journal_entry"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- A closed trading day takes no entry; whoever closes it and whoever posts into it take turns on the day.
CREATE OR REPLACE FUNCTION refuse_closed_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('trading day ' || NEW.organization_id || NEW.trading_day, 0));
  IF EXISTS (SELECT FROM closed_day WHERE organization_id = NEW.organization_id AND day = NEW.trading_day) THEN
    RAISE EXCEPTION 'the trading day % is closed', NEW.trading_day
      USING ERRCODE = 'check_violation', CONSTRAINT = 'period_open';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS period_open ON "journal_entry";
CREATE TRIGGER period_open BEFORE INSERT ON "journal_entry" FOR EACH ROW EXECUTE FUNCTION refuse_closed_day();

-- Who may reach a tenant table: `"journal_line"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "journal_line" OWNER TO voelgoed_owner;
ALTER TABLE "journal_line" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "journal_line" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "journal_line";
CREATE POLICY tenant ON "journal_line" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "journal_line";
CREATE POLICY owner ON "journal_line" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "journal_line";
CREATE POLICY reader ON "journal_line" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "journal_line" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "journal_line" FROM voelgoed_app;
GRANT SELECT, INSERT ON "journal_line" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "journal_line";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "journal_line"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "journal_line";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "journal_line" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "journal_line";
DROP TRIGGER IF EXISTS audit_insert ON "journal_line";
DROP TRIGGER IF EXISTS audit_update ON "journal_line";
DROP TRIGGER IF EXISTS audit_delete ON "journal_line";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "journal_line"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- M1: debits equal credits for every entry and currency, and its lines stand on its day; judged at the commit.
CREATE OR REPLACE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  off record;
BEGIN
  SELECT currency, sum(amount_cents) AS cents INTO off FROM journal_line
   WHERE organization_id = NEW.organization_id AND entry_id = NEW.entry_id
   GROUP BY currency HAVING sum(amount_cents) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal entry % is off by % % minor units', NEW.entry_id, off.cents, off.currency
      USING ERRCODE = 'check_violation', CONSTRAINT = 'balanced_entry';
  END IF;
  IF NOT EXISTS (SELECT FROM journal_entry
                  WHERE organization_id = NEW.organization_id AND id = NEW.entry_id AND trading_day = NEW.trading_day) THEN
    RAISE EXCEPTION 'a line of journal entry % stands on another day', NEW.entry_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'balanced_entry';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS balanced_entry ON "journal_line";
CREATE CONSTRAINT TRIGGER balanced_entry AFTER INSERT ON "journal_line" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced();

-- Who may reach a tenant table: `"ledger_file"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "ledger_file" OWNER TO voelgoed_owner;
ALTER TABLE "ledger_file" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "ledger_file" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "ledger_file";
CREATE POLICY tenant ON "ledger_file" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "ledger_file";
CREATE POLICY owner ON "ledger_file" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "ledger_file";
CREATE POLICY reader ON "ledger_file" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "ledger_file" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "ledger_file" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "ledger_file" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "ledger_file";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "ledger_file"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "ledger_file";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "ledger_file" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "ledger_file";
DROP TRIGGER IF EXISTS audit_insert ON "ledger_file";
DROP TRIGGER IF EXISTS audit_update ON "ledger_file";
DROP TRIGGER IF EXISTS audit_delete ON "ledger_file";

-- Who may reach a tenant table: `"ledger_file_part"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "ledger_file_part" OWNER TO voelgoed_owner;
ALTER TABLE "ledger_file_part" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "ledger_file_part" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "ledger_file_part";
CREATE POLICY tenant ON "ledger_file_part" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "ledger_file_part";
CREATE POLICY owner ON "ledger_file_part" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "ledger_file_part";
CREATE POLICY reader ON "ledger_file_part" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "ledger_file_part" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "ledger_file_part" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "ledger_file_part" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "ledger_file_part";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "ledger_file_part"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "ledger_file_part";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "ledger_file_part" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "ledger_file_part";
DROP TRIGGER IF EXISTS audit_insert ON "ledger_file_part";
DROP TRIGGER IF EXISTS audit_update ON "ledger_file_part";
DROP TRIGGER IF EXISTS audit_delete ON "ledger_file_part";

-- Who may reach a tenant table: `"list_settled"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "list_settled" OWNER TO voelgoed_owner;
ALTER TABLE "list_settled" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "list_settled" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "list_settled";
CREATE POLICY tenant ON "list_settled" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "list_settled";
CREATE POLICY owner ON "list_settled" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "list_settled";
CREATE POLICY reader ON "list_settled" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "list_settled" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "list_settled" FROM voelgoed_app;
GRANT SELECT, INSERT ON "list_settled" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "list_settled";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "list_settled"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "list_settled";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "list_settled" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "list_settled";
DROP TRIGGER IF EXISTS audit_insert ON "list_settled";
DROP TRIGGER IF EXISTS audit_update ON "list_settled";
DROP TRIGGER IF EXISTS audit_delete ON "list_settled";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "list_settled"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"machine_total"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "machine_total" OWNER TO voelgoed_owner;
ALTER TABLE "machine_total" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "machine_total" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "machine_total";
CREATE POLICY tenant ON "machine_total" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "machine_total";
CREATE POLICY owner ON "machine_total" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "machine_total";
CREATE POLICY reader ON "machine_total" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "machine_total" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "machine_total" FROM voelgoed_app;
GRANT SELECT, INSERT ON "machine_total" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "machine_total";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "machine_total"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "machine_total";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "machine_total" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "machine_total";
DROP TRIGGER IF EXISTS audit_insert ON "machine_total";
DROP TRIGGER IF EXISTS audit_update ON "machine_total";
DROP TRIGGER IF EXISTS audit_delete ON "machine_total";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "machine_total"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"mail"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "mail" OWNER TO voelgoed_owner;
ALTER TABLE "mail" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "mail" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "mail";
CREATE POLICY tenant ON "mail" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "mail";
CREATE POLICY owner ON "mail" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "mail";
CREATE POLICY reader ON "mail" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "mail" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "mail" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "mail" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "mail";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "mail"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "mail";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "mail" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "mail";
DROP TRIGGER IF EXISTS audit_insert ON "mail";
DROP TRIGGER IF EXISTS audit_update ON "mail";
DROP TRIGGER IF EXISTS audit_delete ON "mail";

CREATE TRIGGER audit_insert AFTER INSERT ON "mail" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', 'address,body,subject', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "mail" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', 'address,body,subject', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "mail" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', 'address,body,subject', 'organization_id', '');

-- Who may reach a tenant table: `"mail_end"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "mail_end" OWNER TO voelgoed_owner;
ALTER TABLE "mail_end" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "mail_end" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "mail_end";
CREATE POLICY tenant ON "mail_end" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "mail_end";
CREATE POLICY owner ON "mail_end" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "mail_end";
CREATE POLICY reader ON "mail_end" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "mail_end" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "mail_end" FROM voelgoed_app;
GRANT SELECT, INSERT ON "mail_end" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "mail_end";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "mail_end"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "mail_end";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "mail_end" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "mail_end";
DROP TRIGGER IF EXISTS audit_insert ON "mail_end";
DROP TRIGGER IF EXISTS audit_update ON "mail_end";
DROP TRIGGER IF EXISTS audit_delete ON "mail_end";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "mail_end"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"manual_entry"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "manual_entry" OWNER TO voelgoed_owner;
ALTER TABLE "manual_entry" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "manual_entry" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "manual_entry";
CREATE POLICY tenant ON "manual_entry" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "manual_entry";
CREATE POLICY owner ON "manual_entry" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "manual_entry";
CREATE POLICY reader ON "manual_entry" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "manual_entry" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "manual_entry" FROM voelgoed_app;
GRANT SELECT, INSERT ON "manual_entry" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "manual_entry";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "manual_entry"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "manual_entry";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "manual_entry" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "manual_entry";
DROP TRIGGER IF EXISTS audit_insert ON "manual_entry";
DROP TRIGGER IF EXISTS audit_update ON "manual_entry";
DROP TRIGGER IF EXISTS audit_delete ON "manual_entry";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "manual_entry"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"membership"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "membership" OWNER TO voelgoed_owner;
ALTER TABLE "membership" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "membership" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "membership";
CREATE POLICY tenant ON "membership" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "membership";
CREATE POLICY owner ON "membership" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "membership";
CREATE POLICY reader ON "membership" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "membership" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "membership" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "membership" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "membership";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "membership"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "membership";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "membership" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "membership";
DROP TRIGGER IF EXISTS audit_insert ON "membership";
DROP TRIGGER IF EXISTS audit_update ON "membership";
DROP TRIGGER IF EXISTS audit_delete ON "membership";

CREATE TRIGGER audit_insert AFTER INSERT ON "membership" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "membership" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "membership" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- An organization keeps an owner: whoever takes the last one away is refused, two at once too.
CREATE OR REPLACE FUNCTION keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF 'owner' = ANY (OLD.roles) AND OLD.left_at IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('owners of ' || OLD.organization_id, 0));
    IF NOT EXISTS (SELECT FROM membership m WHERE m.organization_id = OLD.organization_id
                      AND m.left_at IS NULL AND 'owner' = ANY (m.roles)) THEN
      RAISE EXCEPTION 'This is the last owner. Make somebody else an owner first.'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'last_owner';
    END IF;
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS last_owner ON "membership";
CREATE TRIGGER last_owner AFTER UPDATE OF roles, left_at OR DELETE ON "membership"
  FOR EACH ROW EXECUTE FUNCTION keep_an_owner();

-- Who may reach a tenant table: `"minute_count"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "minute_count" OWNER TO voelgoed_owner;
ALTER TABLE "minute_count" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "minute_count" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "minute_count";
CREATE POLICY tenant ON "minute_count" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "minute_count";
CREATE POLICY owner ON "minute_count" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "minute_count";
CREATE POLICY reader ON "minute_count" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "minute_count" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "minute_count" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "minute_count" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "minute_count";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "minute_count"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "minute_count";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "minute_count" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "minute_count";
DROP TRIGGER IF EXISTS audit_insert ON "minute_count";
DROP TRIGGER IF EXISTS audit_update ON "minute_count";
DROP TRIGGER IF EXISTS audit_delete ON "minute_count";

-- Who may reach a tenant table: `"named_hold"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "named_hold" OWNER TO voelgoed_owner;
ALTER TABLE "named_hold" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "named_hold" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "named_hold";
CREATE POLICY tenant ON "named_hold" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "named_hold";
CREATE POLICY owner ON "named_hold" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "named_hold";
CREATE POLICY reader ON "named_hold" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "named_hold" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "named_hold" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "named_hold" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "named_hold";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "named_hold"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "named_hold";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "named_hold" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "named_hold";
DROP TRIGGER IF EXISTS audit_insert ON "named_hold";
DROP TRIGGER IF EXISTS audit_update ON "named_hold";
DROP TRIGGER IF EXISTS audit_delete ON "named_hold";

CREATE TRIGGER audit_insert AFTER INSERT ON "named_hold" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', 'name,name_key,note', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "named_hold" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', 'name,name_key,note', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "named_hold" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', 'name,name_key,note', 'organization_id', '');

-- Who may reach a tenant table: `"number_series"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "number_series" OWNER TO voelgoed_owner;
ALTER TABLE "number_series" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "number_series" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "number_series";
CREATE POLICY tenant ON "number_series" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "number_series";
CREATE POLICY owner ON "number_series" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "number_series";
CREATE POLICY reader ON "number_series" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "number_series" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "number_series" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "number_series" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "number_series";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "number_series"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "number_series";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "number_series" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "number_series";
DROP TRIGGER IF EXISTS audit_insert ON "number_series";
DROP TRIGGER IF EXISTS audit_update ON "number_series";
DROP TRIGGER IF EXISTS audit_delete ON "number_series";

-- Who may reach a tenant table: `"organization"`, by its column `id`. Applied again at each revision.
ALTER TABLE "organization" OWNER TO voelgoed_owner;
ALTER TABLE "organization" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "organization" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "organization";
CREATE POLICY tenant ON "organization" TO voelgoed_app
  USING (id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "organization";
CREATE POLICY owner ON "organization" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "organization";
CREATE POLICY reader ON "organization" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "organization" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "organization" FROM voelgoed_app;
GRANT SELECT, UPDATE ON "organization" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "organization";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF id ON "organization"
  FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "organization";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "organization" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "organization";
DROP TRIGGER IF EXISTS audit_insert ON "organization";
DROP TRIGGER IF EXISTS audit_update ON "organization";
DROP TRIGGER IF EXISTS audit_delete ON "organization";

CREATE TRIGGER audit_insert AFTER INSERT ON "organization" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "organization" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "organization" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'id', '');

-- Who may reach a tenant table: `"outbox_row"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "outbox_row" OWNER TO voelgoed_owner;
ALTER TABLE "outbox_row" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "outbox_row" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "outbox_row";
CREATE POLICY tenant ON "outbox_row" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "outbox_row";
CREATE POLICY owner ON "outbox_row" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "outbox_row";
CREATE POLICY reader ON "outbox_row" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "outbox_row" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "outbox_row" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "outbox_row" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "outbox_row";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "outbox_row"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "outbox_row";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "outbox_row" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "outbox_row";
DROP TRIGGER IF EXISTS audit_insert ON "outbox_row";
DROP TRIGGER IF EXISTS audit_update ON "outbox_row";
DROP TRIGGER IF EXISTS audit_delete ON "outbox_row";

-- Who may reach a tenant table: `"override"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "override" OWNER TO voelgoed_owner;
ALTER TABLE "override" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "override" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "override";
CREATE POLICY tenant ON "override" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "override";
CREATE POLICY owner ON "override" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "override";
CREATE POLICY reader ON "override" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "override" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "override" FROM voelgoed_app;
GRANT SELECT, INSERT ON "override" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "override";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "override"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "override";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "override" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "override";
DROP TRIGGER IF EXISTS audit_insert ON "override";
DROP TRIGGER IF EXISTS audit_update ON "override";
DROP TRIGGER IF EXISTS audit_delete ON "override";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "override"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"pairing"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "pairing" OWNER TO voelgoed_owner;
ALTER TABLE "pairing" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "pairing" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "pairing";
CREATE POLICY tenant ON "pairing" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "pairing";
CREATE POLICY owner ON "pairing" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "pairing";
CREATE POLICY reader ON "pairing" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "pairing" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "pairing" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "pairing" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "pairing";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "pairing"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "pairing";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "pairing" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "pairing";
DROP TRIGGER IF EXISTS audit_insert ON "pairing";
DROP TRIGGER IF EXISTS audit_update ON "pairing";
DROP TRIGGER IF EXISTS audit_delete ON "pairing";

CREATE TRIGGER audit_insert AFTER INSERT ON "pairing" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_hash,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "pairing" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_hash,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "pairing" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_hash,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"paper_file"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "paper_file" OWNER TO voelgoed_owner;
ALTER TABLE "paper_file" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "paper_file" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "paper_file";
CREATE POLICY tenant ON "paper_file" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "paper_file";
CREATE POLICY owner ON "paper_file" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "paper_file";
CREATE POLICY reader ON "paper_file" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "paper_file" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "paper_file" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "paper_file" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "paper_file";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "paper_file"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "paper_file";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "paper_file" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "paper_file";
DROP TRIGGER IF EXISTS audit_insert ON "paper_file";
DROP TRIGGER IF EXISTS audit_update ON "paper_file";
DROP TRIGGER IF EXISTS audit_delete ON "paper_file";

-- Who may reach a tenant table: `"pass"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "pass" OWNER TO voelgoed_owner;
ALTER TABLE "pass" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "pass" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "pass";
CREATE POLICY tenant ON "pass" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "pass";
CREATE POLICY owner ON "pass" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "pass";
CREATE POLICY reader ON "pass" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "pass" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "pass" FROM voelgoed_app;
GRANT SELECT, INSERT ON "pass" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "pass";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "pass"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "pass";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "pass" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "pass";
DROP TRIGGER IF EXISTS audit_insert ON "pass";
DROP TRIGGER IF EXISTS audit_update ON "pass";
DROP TRIGGER IF EXISTS audit_delete ON "pass";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "pass"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"payer_page"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "payer_page" OWNER TO voelgoed_owner;
ALTER TABLE "payer_page" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "payer_page" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "payer_page";
CREATE POLICY tenant ON "payer_page" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "payer_page";
CREATE POLICY owner ON "payer_page" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "payer_page";
CREATE POLICY reader ON "payer_page" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "payer_page" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "payer_page" FROM voelgoed_app;
GRANT SELECT, INSERT ON "payer_page" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "payer_page";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "payer_page"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "payer_page";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "payer_page" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "payer_page";
DROP TRIGGER IF EXISTS audit_insert ON "payer_page";
DROP TRIGGER IF EXISTS audit_update ON "payer_page";
DROP TRIGGER IF EXISTS audit_delete ON "payer_page";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "payer_page"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"payment"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "payment" OWNER TO voelgoed_owner;
ALTER TABLE "payment" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "payment" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "payment";
CREATE POLICY tenant ON "payment" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "payment";
CREATE POLICY owner ON "payment" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "payment";
CREATE POLICY reader ON "payment" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "payment" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "payment" FROM voelgoed_app;
GRANT SELECT, INSERT ON "payment" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "payment";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "payment"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "payment";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "payment" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "payment";
DROP TRIGGER IF EXISTS audit_insert ON "payment";
DROP TRIGGER IF EXISTS audit_update ON "payment";
DROP TRIGGER IF EXISTS audit_delete ON "payment";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "payment"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"pepper"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "pepper" OWNER TO voelgoed_owner;
ALTER TABLE "pepper" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "pepper" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "pepper";
CREATE POLICY tenant ON "pepper" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "pepper";
CREATE POLICY owner ON "pepper" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "pepper";
CREATE POLICY reader ON "pepper" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "pepper" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "pepper" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "pepper" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "pepper";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "pepper"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "pepper";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "pepper" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "pepper";
DROP TRIGGER IF EXISTS audit_insert ON "pepper";
DROP TRIGGER IF EXISTS audit_update ON "pepper";
DROP TRIGGER IF EXISTS audit_delete ON "pepper";

CREATE TRIGGER audit_insert AFTER INSERT ON "pepper" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_sealed,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "pepper" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_sealed,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "pepper" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_sealed,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"phone_deed"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "phone_deed" OWNER TO voelgoed_owner;
ALTER TABLE "phone_deed" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "phone_deed" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "phone_deed";
CREATE POLICY tenant ON "phone_deed" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "phone_deed";
CREATE POLICY owner ON "phone_deed" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "phone_deed";
CREATE POLICY reader ON "phone_deed" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "phone_deed" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "phone_deed" FROM voelgoed_app;
GRANT SELECT, INSERT ON "phone_deed" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "phone_deed";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "phone_deed"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "phone_deed";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "phone_deed" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "phone_deed";
DROP TRIGGER IF EXISTS audit_insert ON "phone_deed";
DROP TRIGGER IF EXISTS audit_update ON "phone_deed";
DROP TRIGGER IF EXISTS audit_delete ON "phone_deed";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "phone_deed"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"phone_deed_review"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "phone_deed_review" OWNER TO voelgoed_owner;
ALTER TABLE "phone_deed_review" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "phone_deed_review" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "phone_deed_review";
CREATE POLICY tenant ON "phone_deed_review" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "phone_deed_review";
CREATE POLICY owner ON "phone_deed_review" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "phone_deed_review";
CREATE POLICY reader ON "phone_deed_review" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "phone_deed_review" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "phone_deed_review" FROM voelgoed_app;
GRANT SELECT, INSERT ON "phone_deed_review" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "phone_deed_review";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "phone_deed_review"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "phone_deed_review";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "phone_deed_review" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "phone_deed_review";
DROP TRIGGER IF EXISTS audit_insert ON "phone_deed_review";
DROP TRIGGER IF EXISTS audit_update ON "phone_deed_review";
DROP TRIGGER IF EXISTS audit_delete ON "phone_deed_review";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "phone_deed_review"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"pool"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "pool" OWNER TO voelgoed_owner;
ALTER TABLE "pool" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "pool" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "pool";
CREATE POLICY tenant ON "pool" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "pool";
CREATE POLICY owner ON "pool" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "pool";
CREATE POLICY reader ON "pool" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "pool" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "pool" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "pool" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "pool";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "pool"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "pool";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "pool" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "pool";
DROP TRIGGER IF EXISTS audit_insert ON "pool";
DROP TRIGGER IF EXISTS audit_update ON "pool";
DROP TRIGGER IF EXISTS audit_delete ON "pool";

CREATE TRIGGER audit_insert AFTER INSERT ON "pool" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,taken,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "pool" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,taken,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "pool" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,taken,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"refund"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "refund" OWNER TO voelgoed_owner;
ALTER TABLE "refund" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "refund" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "refund";
CREATE POLICY tenant ON "refund" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "refund";
CREATE POLICY owner ON "refund" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "refund";
CREATE POLICY reader ON "refund" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "refund" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "refund" FROM voelgoed_app;
GRANT SELECT, INSERT ON "refund" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "refund";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "refund"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "refund";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "refund" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "refund";
DROP TRIGGER IF EXISTS audit_insert ON "refund";
DROP TRIGGER IF EXISTS audit_update ON "refund";
DROP TRIGGER IF EXISTS audit_delete ON "refund";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "refund"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"refund_end"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "refund_end" OWNER TO voelgoed_owner;
ALTER TABLE "refund_end" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "refund_end" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "refund_end";
CREATE POLICY tenant ON "refund_end" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "refund_end";
CREATE POLICY owner ON "refund_end" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "refund_end";
CREATE POLICY reader ON "refund_end" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "refund_end" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "refund_end" FROM voelgoed_app;
GRANT SELECT, INSERT ON "refund_end" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "refund_end";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "refund_end"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "refund_end";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "refund_end" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "refund_end";
DROP TRIGGER IF EXISTS audit_insert ON "refund_end";
DROP TRIGGER IF EXISTS audit_update ON "refund_end";
DROP TRIGGER IF EXISTS audit_delete ON "refund_end";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "refund_end"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"refund_failure"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "refund_failure" OWNER TO voelgoed_owner;
ALTER TABLE "refund_failure" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "refund_failure" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "refund_failure";
CREATE POLICY tenant ON "refund_failure" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "refund_failure";
CREATE POLICY owner ON "refund_failure" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "refund_failure";
CREATE POLICY reader ON "refund_failure" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "refund_failure" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "refund_failure" FROM voelgoed_app;
GRANT SELECT, INSERT ON "refund_failure" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "refund_failure";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "refund_failure"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "refund_failure";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "refund_failure" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "refund_failure";
DROP TRIGGER IF EXISTS audit_insert ON "refund_failure";
DROP TRIGGER IF EXISTS audit_update ON "refund_failure";
DROP TRIGGER IF EXISTS audit_delete ON "refund_failure";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "refund_failure"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"reissue"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "reissue" OWNER TO voelgoed_owner;
ALTER TABLE "reissue" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reissue" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "reissue";
CREATE POLICY tenant ON "reissue" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "reissue";
CREATE POLICY owner ON "reissue" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "reissue";
CREATE POLICY reader ON "reissue" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "reissue" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "reissue" FROM voelgoed_app;
GRANT SELECT, INSERT ON "reissue" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "reissue";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "reissue"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "reissue";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "reissue" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "reissue";
DROP TRIGGER IF EXISTS audit_insert ON "reissue";
DROP TRIGGER IF EXISTS audit_update ON "reissue";
DROP TRIGGER IF EXISTS audit_delete ON "reissue";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "reissue"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"reserve_book"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "reserve_book" OWNER TO voelgoed_owner;
ALTER TABLE "reserve_book" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reserve_book" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "reserve_book";
CREATE POLICY tenant ON "reserve_book" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "reserve_book";
CREATE POLICY owner ON "reserve_book" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "reserve_book";
CREATE POLICY reader ON "reserve_book" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "reserve_book" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "reserve_book" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "reserve_book" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "reserve_book";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "reserve_book"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "reserve_book";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "reserve_book" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "reserve_book";
DROP TRIGGER IF EXISTS audit_insert ON "reserve_book";
DROP TRIGGER IF EXISTS audit_update ON "reserve_book";
DROP TRIGGER IF EXISTS audit_delete ON "reserve_book";

CREATE TRIGGER audit_insert AFTER INSERT ON "reserve_book" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "reserve_book" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "reserve_book" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"reserve_closure"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "reserve_closure" OWNER TO voelgoed_owner;
ALTER TABLE "reserve_closure" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reserve_closure" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "reserve_closure";
CREATE POLICY tenant ON "reserve_closure" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "reserve_closure";
CREATE POLICY owner ON "reserve_closure" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "reserve_closure";
CREATE POLICY reader ON "reserve_closure" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "reserve_closure" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "reserve_closure" FROM voelgoed_app;
GRANT SELECT, INSERT ON "reserve_closure" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "reserve_closure";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "reserve_closure"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "reserve_closure";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "reserve_closure" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "reserve_closure";
DROP TRIGGER IF EXISTS audit_insert ON "reserve_closure";
DROP TRIGGER IF EXISTS audit_update ON "reserve_closure";
DROP TRIGGER IF EXISTS audit_delete ON "reserve_closure";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "reserve_closure"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"reserve_fee"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "reserve_fee" OWNER TO voelgoed_owner;
ALTER TABLE "reserve_fee" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reserve_fee" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "reserve_fee";
CREATE POLICY tenant ON "reserve_fee" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "reserve_fee";
CREATE POLICY owner ON "reserve_fee" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "reserve_fee";
CREATE POLICY reader ON "reserve_fee" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "reserve_fee" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "reserve_fee" FROM voelgoed_app;
GRANT SELECT, INSERT ON "reserve_fee" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "reserve_fee";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "reserve_fee"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "reserve_fee";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "reserve_fee" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "reserve_fee";
DROP TRIGGER IF EXISTS audit_insert ON "reserve_fee";
DROP TRIGGER IF EXISTS audit_update ON "reserve_fee";
DROP TRIGGER IF EXISTS audit_delete ON "reserve_fee";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "reserve_fee"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"reserve_pool"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "reserve_pool" OWNER TO voelgoed_owner;
ALTER TABLE "reserve_pool" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reserve_pool" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "reserve_pool";
CREATE POLICY tenant ON "reserve_pool" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "reserve_pool";
CREATE POLICY owner ON "reserve_pool" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "reserve_pool";
CREATE POLICY reader ON "reserve_pool" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "reserve_pool" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "reserve_pool" FROM voelgoed_app;
GRANT SELECT, INSERT ON "reserve_pool" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "reserve_pool";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "reserve_pool"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "reserve_pool";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "reserve_pool" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "reserve_pool";
DROP TRIGGER IF EXISTS audit_insert ON "reserve_pool";
DROP TRIGGER IF EXISTS audit_update ON "reserve_pool";
DROP TRIGGER IF EXISTS audit_delete ON "reserve_pool";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "reserve_pool"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"reserve_sold"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "reserve_sold" OWNER TO voelgoed_owner;
ALTER TABLE "reserve_sold" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reserve_sold" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "reserve_sold";
CREATE POLICY tenant ON "reserve_sold" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "reserve_sold";
CREATE POLICY owner ON "reserve_sold" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "reserve_sold";
CREATE POLICY reader ON "reserve_sold" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "reserve_sold" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "reserve_sold" FROM voelgoed_app;
GRANT SELECT, INSERT ON "reserve_sold" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "reserve_sold";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "reserve_sold"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "reserve_sold";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "reserve_sold" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "reserve_sold";
DROP TRIGGER IF EXISTS audit_insert ON "reserve_sold";
DROP TRIGGER IF EXISTS audit_update ON "reserve_sold";
DROP TRIGGER IF EXISTS audit_delete ON "reserve_sold";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "reserve_sold"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"reserve_ticket"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "reserve_ticket" OWNER TO voelgoed_owner;
ALTER TABLE "reserve_ticket" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reserve_ticket" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "reserve_ticket";
CREATE POLICY tenant ON "reserve_ticket" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "reserve_ticket";
CREATE POLICY owner ON "reserve_ticket" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "reserve_ticket";
CREATE POLICY reader ON "reserve_ticket" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "reserve_ticket" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "reserve_ticket" FROM voelgoed_app;
GRANT SELECT, INSERT ON "reserve_ticket" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "reserve_ticket";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "reserve_ticket"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "reserve_ticket";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "reserve_ticket" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "reserve_ticket";
DROP TRIGGER IF EXISTS audit_insert ON "reserve_ticket";
DROP TRIGGER IF EXISTS audit_update ON "reserve_ticket";
DROP TRIGGER IF EXISTS audit_delete ON "reserve_ticket";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "reserve_ticket"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"return"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "return" OWNER TO voelgoed_owner;
ALTER TABLE "return" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "return" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "return";
CREATE POLICY tenant ON "return" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "return";
CREATE POLICY owner ON "return" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "return";
CREATE POLICY reader ON "return" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "return" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "return" FROM voelgoed_app;
GRANT SELECT, INSERT ON "return" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "return";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "return"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "return";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "return" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "return";
DROP TRIGGER IF EXISTS audit_insert ON "return";
DROP TRIGGER IF EXISTS audit_update ON "return";
DROP TRIGGER IF EXISTS audit_delete ON "return";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "return"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"return_fee"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "return_fee" OWNER TO voelgoed_owner;
ALTER TABLE "return_fee" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "return_fee" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "return_fee";
CREATE POLICY tenant ON "return_fee" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "return_fee";
CREATE POLICY owner ON "return_fee" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "return_fee";
CREATE POLICY reader ON "return_fee" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "return_fee" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "return_fee" FROM voelgoed_app;
GRANT SELECT, INSERT ON "return_fee" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "return_fee";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "return_fee"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "return_fee";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "return_fee" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "return_fee";
DROP TRIGGER IF EXISTS audit_insert ON "return_fee";
DROP TRIGGER IF EXISTS audit_update ON "return_fee";
DROP TRIGGER IF EXISTS audit_delete ON "return_fee";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "return_fee"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"return_line"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "return_line" OWNER TO voelgoed_owner;
ALTER TABLE "return_line" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "return_line" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "return_line";
CREATE POLICY tenant ON "return_line" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "return_line";
CREATE POLICY owner ON "return_line" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "return_line";
CREATE POLICY reader ON "return_line" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "return_line" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "return_line" FROM voelgoed_app;
GRANT SELECT, INSERT ON "return_line" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "return_line";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "return_line"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "return_line";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "return_line" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "return_line";
DROP TRIGGER IF EXISTS audit_insert ON "return_line";
DROP TRIGGER IF EXISTS audit_update ON "return_line";
DROP TRIGGER IF EXISTS audit_delete ON "return_line";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "return_line"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- A table that all tenants share: the application sees it only through the door's functions.
ALTER TABLE "rule_skip" OWNER TO voelgoed_owner;
ALTER TABLE "rule_skip" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "rule_skip" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON "rule_skip";
CREATE POLICY owner ON "rule_skip" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS door ON "rule_skip";
CREATE POLICY door ON "rule_skip" TO voelgoed_door USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "rule_skip";
CREATE POLICY reader ON "rule_skip" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "rule_skip" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "rule_skip" FROM voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "rule_skip";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF id ON "rule_skip"
  FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "rule_skip";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "rule_skip" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "rule_skip";
DROP TRIGGER IF EXISTS audit_insert ON "rule_skip";
DROP TRIGGER IF EXISTS audit_update ON "rule_skip";
DROP TRIGGER IF EXISTS audit_delete ON "rule_skip";

CREATE TRIGGER audit_insert AFTER INSERT ON "rule_skip" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', '', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "rule_skip" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', '', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "rule_skip" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', '', '');

-- Who may reach a tenant table: `"run_stuck"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "run_stuck" OWNER TO voelgoed_owner;
ALTER TABLE "run_stuck" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "run_stuck" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "run_stuck";
CREATE POLICY tenant ON "run_stuck" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "run_stuck";
CREATE POLICY owner ON "run_stuck" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "run_stuck";
CREATE POLICY reader ON "run_stuck" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "run_stuck" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "run_stuck" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "run_stuck" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "run_stuck";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "run_stuck"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "run_stuck";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "run_stuck" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "run_stuck";
DROP TRIGGER IF EXISTS audit_insert ON "run_stuck";
DROP TRIGGER IF EXISTS audit_update ON "run_stuck";
DROP TRIGGER IF EXISTS audit_delete ON "run_stuck";

CREATE TRIGGER audit_insert AFTER INSERT ON "run_stuck" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "run_stuck" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "run_stuck" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"scan"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "scan" OWNER TO voelgoed_owner;
ALTER TABLE "scan" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "scan" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "scan";
CREATE POLICY tenant ON "scan" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "scan";
CREATE POLICY owner ON "scan" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "scan";
CREATE POLICY reader ON "scan" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "scan" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "scan" FROM voelgoed_app;
GRANT SELECT, INSERT ON "scan" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "scan";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "scan"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "scan";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "scan" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "scan";
DROP TRIGGER IF EXISTS audit_insert ON "scan";
DROP TRIGGER IF EXISTS audit_update ON "scan";
DROP TRIGGER IF EXISTS audit_delete ON "scan";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "scan"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"scan_batch"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "scan_batch" OWNER TO voelgoed_owner;
ALTER TABLE "scan_batch" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "scan_batch" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "scan_batch";
CREATE POLICY tenant ON "scan_batch" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "scan_batch";
CREATE POLICY owner ON "scan_batch" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "scan_batch";
CREATE POLICY reader ON "scan_batch" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "scan_batch" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "scan_batch" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "scan_batch" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "scan_batch";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "scan_batch"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "scan_batch";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "scan_batch" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "scan_batch";
DROP TRIGGER IF EXISTS audit_insert ON "scan_batch";
DROP TRIGGER IF EXISTS audit_update ON "scan_batch";
DROP TRIGGER IF EXISTS audit_delete ON "scan_batch";

CREATE TRIGGER audit_insert AFTER INSERT ON "scan_batch" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'body_hash,created_at,id,judged,organization_id,results,scans_sealed,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "scan_batch" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'body_hash,created_at,id,judged,organization_id,results,scans_sealed,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "scan_batch" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'body_hash,created_at,id,judged,organization_id,results,scans_sealed,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"shift"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "shift" OWNER TO voelgoed_owner;
ALTER TABLE "shift" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "shift" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "shift";
CREATE POLICY tenant ON "shift" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "shift";
CREATE POLICY owner ON "shift" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "shift";
CREATE POLICY reader ON "shift" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "shift" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "shift" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "shift" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "shift";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "shift"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "shift";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "shift" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "shift";
DROP TRIGGER IF EXISTS audit_insert ON "shift";
DROP TRIGGER IF EXISTS audit_update ON "shift";
DROP TRIGGER IF EXISTS audit_delete ON "shift";

CREATE TRIGGER audit_insert AFTER INSERT ON "shift" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "shift" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "shift" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- A table that all tenants share: the application sees it only through the door's functions.
ALTER TABLE "sign_in" OWNER TO voelgoed_owner;
ALTER TABLE "sign_in" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "sign_in" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON "sign_in";
CREATE POLICY owner ON "sign_in" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS door ON "sign_in";
CREATE POLICY door ON "sign_in" TO voelgoed_door USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "sign_in";
CREATE POLICY reader ON "sign_in" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "sign_in" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "sign_in" FROM voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "sign_in";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF id ON "sign_in"
  FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "sign_in";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "sign_in" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "sign_in";
DROP TRIGGER IF EXISTS audit_insert ON "sign_in";
DROP TRIGGER IF EXISTS audit_update ON "sign_in";
DROP TRIGGER IF EXISTS audit_delete ON "sign_in";

CREATE TRIGGER audit_insert AFTER INSERT ON "sign_in" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('minimal', 'created_at,id,organization_id,secret_hash,seen_at,updated_at', '', '', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "sign_in" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('minimal', 'created_at,id,organization_id,secret_hash,seen_at,updated_at', '', '', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "sign_in" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('minimal', 'created_at,id,organization_id,secret_hash,seen_at,updated_at', '', '', '');

-- Who may reach a tenant table: `"sign_off"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "sign_off" OWNER TO voelgoed_owner;
ALTER TABLE "sign_off" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "sign_off" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "sign_off";
CREATE POLICY tenant ON "sign_off" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "sign_off";
CREATE POLICY owner ON "sign_off" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "sign_off";
CREATE POLICY reader ON "sign_off" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "sign_off" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "sign_off" FROM voelgoed_app;
GRANT SELECT, INSERT ON "sign_off" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "sign_off";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "sign_off"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "sign_off";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "sign_off" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "sign_off";
DROP TRIGGER IF EXISTS audit_insert ON "sign_off";
DROP TRIGGER IF EXISTS audit_update ON "sign_off";
DROP TRIGGER IF EXISTS audit_delete ON "sign_off";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "sign_off"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"signing_key"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "signing_key" OWNER TO voelgoed_owner;
ALTER TABLE "signing_key" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "signing_key" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "signing_key";
CREATE POLICY tenant ON "signing_key" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "signing_key";
CREATE POLICY owner ON "signing_key" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "signing_key";
CREATE POLICY reader ON "signing_key" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "signing_key" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "signing_key" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "signing_key" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "signing_key";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "signing_key"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "signing_key";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "signing_key" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "signing_key";
DROP TRIGGER IF EXISTS audit_insert ON "signing_key";
DROP TRIGGER IF EXISTS audit_update ON "signing_key";
DROP TRIGGER IF EXISTS audit_delete ON "signing_key";

CREATE TRIGGER audit_insert AFTER INSERT ON "signing_key" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,private_key_sealed,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "signing_key" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,private_key_sealed,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "signing_key" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,private_key_sealed,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"staff_day"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "staff_day" OWNER TO voelgoed_owner;
ALTER TABLE "staff_day" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "staff_day" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "staff_day";
CREATE POLICY tenant ON "staff_day" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "staff_day";
CREATE POLICY owner ON "staff_day" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "staff_day";
CREATE POLICY reader ON "staff_day" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "staff_day" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "staff_day" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "staff_day" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "staff_day";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "staff_day"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "staff_day";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "staff_day" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "staff_day";
DROP TRIGGER IF EXISTS audit_insert ON "staff_day";
DROP TRIGGER IF EXISTS audit_update ON "staff_day";
DROP TRIGGER IF EXISTS audit_delete ON "staff_day";

CREATE TRIGGER audit_insert AFTER INSERT ON "staff_day" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "staff_day" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "staff_day" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"staff_pin"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "staff_pin" OWNER TO voelgoed_owner;
ALTER TABLE "staff_pin" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "staff_pin" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "staff_pin";
CREATE POLICY tenant ON "staff_pin" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "staff_pin";
CREATE POLICY owner ON "staff_pin" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "staff_pin";
CREATE POLICY reader ON "staff_pin" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "staff_pin" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "staff_pin" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "staff_pin" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "staff_pin";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "staff_pin"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "staff_pin";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "staff_pin" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "staff_pin";
DROP TRIGGER IF EXISTS audit_insert ON "staff_pin";
DROP TRIGGER IF EXISTS audit_update ON "staff_pin";
DROP TRIGGER IF EXISTS audit_delete ON "staff_pin";

CREATE TRIGGER audit_insert AFTER INSERT ON "staff_pin" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,pin_hash,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "staff_pin" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,pin_hash,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "staff_pin" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,pin_hash,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"ticket"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "ticket" OWNER TO voelgoed_owner;
ALTER TABLE "ticket" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "ticket" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "ticket";
CREATE POLICY tenant ON "ticket" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "ticket";
CREATE POLICY owner ON "ticket" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "ticket";
CREATE POLICY reader ON "ticket" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "ticket" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "ticket" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "ticket" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "ticket";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "ticket"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "ticket";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "ticket" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "ticket";
DROP TRIGGER IF EXISTS audit_insert ON "ticket";
DROP TRIGGER IF EXISTS audit_update ON "ticket";
DROP TRIGGER IF EXISTS audit_delete ON "ticket";

CREATE TRIGGER audit_insert AFTER INSERT ON "ticket" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,holder_key,id,organization_id,updated_at,written_in', 'holder,holder_key', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "ticket" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,holder_key,id,organization_id,updated_at,written_in', 'holder,holder_key', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "ticket" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,holder_key,id,organization_id,updated_at,written_in', 'holder,holder_key', 'organization_id', '');

-- Who may reach a tenant table: `"ticket_block"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "ticket_block" OWNER TO voelgoed_owner;
ALTER TABLE "ticket_block" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "ticket_block" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "ticket_block";
CREATE POLICY tenant ON "ticket_block" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "ticket_block";
CREATE POLICY owner ON "ticket_block" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "ticket_block";
CREATE POLICY reader ON "ticket_block" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "ticket_block" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "ticket_block" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE ON "ticket_block" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "ticket_block";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "ticket_block"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "ticket_block";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "ticket_block" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "ticket_block";
DROP TRIGGER IF EXISTS audit_insert ON "ticket_block";
DROP TRIGGER IF EXISTS audit_update ON "ticket_block";
DROP TRIGGER IF EXISTS audit_delete ON "ticket_block";

CREATE TRIGGER audit_insert AFTER INSERT ON "ticket_block" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at,written_in', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "ticket_block" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at,written_in', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "ticket_block" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at,written_in', '', 'organization_id', '');

-- Who may reach a tenant table: `"ticket_print"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "ticket_print" OWNER TO voelgoed_owner;
ALTER TABLE "ticket_print" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "ticket_print" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "ticket_print";
CREATE POLICY tenant ON "ticket_print" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "ticket_print";
CREATE POLICY owner ON "ticket_print" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "ticket_print";
CREATE POLICY reader ON "ticket_print" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "ticket_print" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "ticket_print" FROM voelgoed_app;
GRANT SELECT, INSERT ON "ticket_print" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "ticket_print";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "ticket_print"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "ticket_print";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "ticket_print" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "ticket_print";
DROP TRIGGER IF EXISTS audit_insert ON "ticket_print";
DROP TRIGGER IF EXISTS audit_update ON "ticket_print";
DROP TRIGGER IF EXISTS audit_delete ON "ticket_print";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "ticket_print"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"ticket_series"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "ticket_series" OWNER TO voelgoed_owner;
ALTER TABLE "ticket_series" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "ticket_series" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "ticket_series";
CREATE POLICY tenant ON "ticket_series" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "ticket_series";
CREATE POLICY owner ON "ticket_series" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "ticket_series";
CREATE POLICY reader ON "ticket_series" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "ticket_series" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "ticket_series" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "ticket_series" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "ticket_series";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "ticket_series"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "ticket_series";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "ticket_series" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "ticket_series";
DROP TRIGGER IF EXISTS audit_insert ON "ticket_series";
DROP TRIGGER IF EXISTS audit_update ON "ticket_series";
DROP TRIGGER IF EXISTS audit_delete ON "ticket_series";

-- Who may reach a tenant table: `"ticket_type"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "ticket_type" OWNER TO voelgoed_owner;
ALTER TABLE "ticket_type" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "ticket_type" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "ticket_type";
CREATE POLICY tenant ON "ticket_type" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "ticket_type";
CREATE POLICY owner ON "ticket_type" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "ticket_type";
CREATE POLICY reader ON "ticket_type" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "ticket_type" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "ticket_type" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "ticket_type" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "ticket_type";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "ticket_type"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "ticket_type";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "ticket_type" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "ticket_type";
DROP TRIGGER IF EXISTS audit_insert ON "ticket_type";
DROP TRIGGER IF EXISTS audit_update ON "ticket_type";
DROP TRIGGER IF EXISTS audit_delete ON "ticket_type";

CREATE TRIGGER audit_insert AFTER INSERT ON "ticket_type" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "ticket_type" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "ticket_type" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"ticket_void"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "ticket_void" OWNER TO voelgoed_owner;
ALTER TABLE "ticket_void" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "ticket_void" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "ticket_void";
CREATE POLICY tenant ON "ticket_void" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "ticket_void";
CREATE POLICY owner ON "ticket_void" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "ticket_void";
CREATE POLICY reader ON "ticket_void" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "ticket_void" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "ticket_void" FROM voelgoed_app;
GRANT SELECT, INSERT ON "ticket_void" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "ticket_void";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "ticket_void"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "ticket_void";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "ticket_void" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "ticket_void";
DROP TRIGGER IF EXISTS audit_insert ON "ticket_void";
DROP TRIGGER IF EXISTS audit_update ON "ticket_void";
DROP TRIGGER IF EXISTS audit_delete ON "ticket_void";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "ticket_void"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"till"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "till" OWNER TO voelgoed_owner;
ALTER TABLE "till" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "till" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "till";
CREATE POLICY tenant ON "till" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "till";
CREATE POLICY owner ON "till" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "till";
CREATE POLICY reader ON "till" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "till" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "till" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "till" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "till";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "till"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "till";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "till" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "till";
DROP TRIGGER IF EXISTS audit_insert ON "till";
DROP TRIGGER IF EXISTS audit_update ON "till";
DROP TRIGGER IF EXISTS audit_delete ON "till";

CREATE TRIGGER audit_insert AFTER INSERT ON "till" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,token_hash,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "till" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,token_hash,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "till" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,token_hash,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"till_pairing"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "till_pairing" OWNER TO voelgoed_owner;
ALTER TABLE "till_pairing" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "till_pairing" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "till_pairing";
CREATE POLICY tenant ON "till_pairing" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "till_pairing";
CREATE POLICY owner ON "till_pairing" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "till_pairing";
CREATE POLICY reader ON "till_pairing" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "till_pairing" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "till_pairing" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "till_pairing" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "till_pairing";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "till_pairing"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "till_pairing";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "till_pairing" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "till_pairing";
DROP TRIGGER IF EXISTS audit_insert ON "till_pairing";
DROP TRIGGER IF EXISTS audit_update ON "till_pairing";
DROP TRIGGER IF EXISTS audit_delete ON "till_pairing";

CREATE TRIGGER audit_insert AFTER INSERT ON "till_pairing" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_hash,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "till_pairing" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_hash,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "till_pairing" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,secret_hash,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"till_sign_in"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "till_sign_in" OWNER TO voelgoed_owner;
ALTER TABLE "till_sign_in" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "till_sign_in" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "till_sign_in";
CREATE POLICY tenant ON "till_sign_in" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "till_sign_in";
CREATE POLICY owner ON "till_sign_in" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "till_sign_in";
CREATE POLICY reader ON "till_sign_in" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "till_sign_in" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "till_sign_in" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "till_sign_in" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "till_sign_in";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "till_sign_in"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "till_sign_in";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "till_sign_in" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "till_sign_in";
DROP TRIGGER IF EXISTS audit_insert ON "till_sign_in";
DROP TRIGGER IF EXISTS audit_update ON "till_sign_in";
DROP TRIGGER IF EXISTS audit_delete ON "till_sign_in";

CREATE TRIGGER audit_insert AFTER INSERT ON "till_sign_in" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('minimal', 'created_at,id,organization_id,secret_hash,seen_at,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "till_sign_in" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('minimal', 'created_at,id,organization_id,secret_hash,seen_at,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "till_sign_in" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('minimal', 'created_at,id,organization_id,secret_hash,seen_at,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"type_gate"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "type_gate" OWNER TO voelgoed_owner;
ALTER TABLE "type_gate" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "type_gate" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "type_gate";
CREATE POLICY tenant ON "type_gate" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "type_gate";
CREATE POLICY owner ON "type_gate" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "type_gate";
CREATE POLICY reader ON "type_gate" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "type_gate" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "type_gate" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "type_gate" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "type_gate";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "type_gate"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "type_gate";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "type_gate" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "type_gate";
DROP TRIGGER IF EXISTS audit_insert ON "type_gate";
DROP TRIGGER IF EXISTS audit_update ON "type_gate";
DROP TRIGGER IF EXISTS audit_delete ON "type_gate";

CREATE TRIGGER audit_insert AFTER INSERT ON "type_gate" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "type_gate" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "type_gate" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"type_pool"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "type_pool" OWNER TO voelgoed_owner;
ALTER TABLE "type_pool" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "type_pool" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "type_pool";
CREATE POLICY tenant ON "type_pool" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "type_pool";
CREATE POLICY owner ON "type_pool" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "type_pool";
CREATE POLICY reader ON "type_pool" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "type_pool" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "type_pool" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "type_pool" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "type_pool";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "type_pool"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "type_pool";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "type_pool" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "type_pool";
DROP TRIGGER IF EXISTS audit_insert ON "type_pool";
DROP TRIGGER IF EXISTS audit_update ON "type_pool";
DROP TRIGGER IF EXISTS audit_delete ON "type_pool";

CREATE TRIGGER audit_insert AFTER INSERT ON "type_pool" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "type_pool" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "type_pool" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"type_zone"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "type_zone" OWNER TO voelgoed_owner;
ALTER TABLE "type_zone" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "type_zone" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "type_zone";
CREATE POLICY tenant ON "type_zone" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "type_zone";
CREATE POLICY owner ON "type_zone" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "type_zone";
CREATE POLICY reader ON "type_zone" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "type_zone" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "type_zone" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "type_zone" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "type_zone";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "type_zone"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "type_zone";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "type_zone" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "type_zone";
DROP TRIGGER IF EXISTS audit_insert ON "type_zone";
DROP TRIGGER IF EXISTS audit_update ON "type_zone";
DROP TRIGGER IF EXISTS audit_delete ON "type_zone";

CREATE TRIGGER audit_insert AFTER INSERT ON "type_zone" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "type_zone" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "type_zone" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"undo"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "undo" OWNER TO voelgoed_owner;
ALTER TABLE "undo" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "undo" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "undo";
CREATE POLICY tenant ON "undo" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "undo";
CREATE POLICY owner ON "undo" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "undo";
CREATE POLICY reader ON "undo" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "undo" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "undo" FROM voelgoed_app;
GRANT SELECT, INSERT ON "undo" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "undo";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "undo"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "undo";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "undo" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "undo";
DROP TRIGGER IF EXISTS audit_insert ON "undo";
DROP TRIGGER IF EXISTS audit_update ON "undo";
DROP TRIGGER IF EXISTS audit_delete ON "undo";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "undo"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- A table that all tenants share: the application sees it only through the door's functions.
ALTER TABLE "user" OWNER TO voelgoed_owner;
ALTER TABLE "user" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "user" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS owner ON "user";
CREATE POLICY owner ON "user" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS door ON "user";
CREATE POLICY door ON "user" TO voelgoed_door USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "user";
CREATE POLICY reader ON "user" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "user" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "user" FROM voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "user";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF id ON "user"
  FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "user";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "user" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "user";
DROP TRIGGER IF EXISTS audit_insert ON "user";
DROP TRIGGER IF EXISTS audit_update ON "user";
DROP TRIGGER IF EXISTS audit_delete ON "user";

CREATE TRIGGER audit_insert AFTER INSERT ON "user" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,password_hash,updated_at', 'email', '', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "user" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,password_hash,updated_at', 'email', '', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "user" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,organization_id,password_hash,updated_at', 'email', '', '');

-- Who may reach a tenant table: `"venue"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "venue" OWNER TO voelgoed_owner;
ALTER TABLE "venue" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "venue" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "venue";
CREATE POLICY tenant ON "venue" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "venue";
CREATE POLICY owner ON "venue" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "venue";
CREATE POLICY reader ON "venue" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "venue" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "venue" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "venue" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "venue";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "venue"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "venue";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "venue" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "venue";
DROP TRIGGER IF EXISTS audit_insert ON "venue";
DROP TRIGGER IF EXISTS audit_update ON "venue";
DROP TRIGGER IF EXISTS audit_delete ON "venue";

CREATE TRIGGER audit_insert AFTER INSERT ON "venue" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "venue" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "venue" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');

-- Who may reach a tenant table: `"webhook"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "webhook" OWNER TO voelgoed_owner;
ALTER TABLE "webhook" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "webhook" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "webhook";
CREATE POLICY tenant ON "webhook" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "webhook";
CREATE POLICY owner ON "webhook" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "webhook";
CREATE POLICY reader ON "webhook" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "webhook" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "webhook" FROM voelgoed_app;
GRANT SELECT, INSERT ON "webhook" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "webhook";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "webhook"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "webhook";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "webhook" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "webhook";
DROP TRIGGER IF EXISTS audit_insert ON "webhook";
DROP TRIGGER IF EXISTS audit_update ON "webhook";
DROP TRIGGER IF EXISTS audit_delete ON "webhook";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "webhook"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"webhook_applied"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "webhook_applied" OWNER TO voelgoed_owner;
ALTER TABLE "webhook_applied" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "webhook_applied" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "webhook_applied";
CREATE POLICY tenant ON "webhook_applied" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "webhook_applied";
CREATE POLICY owner ON "webhook_applied" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "webhook_applied";
CREATE POLICY reader ON "webhook_applied" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "webhook_applied" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "webhook_applied" FROM voelgoed_app;
GRANT SELECT, INSERT ON "webhook_applied" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "webhook_applied";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "webhook_applied"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "webhook_applied";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "webhook_applied" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "webhook_applied";
DROP TRIGGER IF EXISTS audit_insert ON "webhook_applied";
DROP TRIGGER IF EXISTS audit_update ON "webhook_applied";
DROP TRIGGER IF EXISTS audit_delete ON "webhook_applied";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "webhook_applied"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"workflow_outcome"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "workflow_outcome" OWNER TO voelgoed_owner;
ALTER TABLE "workflow_outcome" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "workflow_outcome" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "workflow_outcome";
CREATE POLICY tenant ON "workflow_outcome" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "workflow_outcome";
CREATE POLICY owner ON "workflow_outcome" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "workflow_outcome";
CREATE POLICY reader ON "workflow_outcome" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "workflow_outcome" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "workflow_outcome" FROM voelgoed_app;
GRANT SELECT, INSERT ON "workflow_outcome" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "workflow_outcome";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "workflow_outcome"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "workflow_outcome";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "workflow_outcome" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "workflow_outcome";
DROP TRIGGER IF EXISTS audit_insert ON "workflow_outcome";
DROP TRIGGER IF EXISTS audit_update ON "workflow_outcome";
DROP TRIGGER IF EXISTS audit_delete ON "workflow_outcome";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "workflow_outcome"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"workflow_run"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "workflow_run" OWNER TO voelgoed_owner;
ALTER TABLE "workflow_run" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "workflow_run" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "workflow_run";
CREATE POLICY tenant ON "workflow_run" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "workflow_run";
CREATE POLICY owner ON "workflow_run" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "workflow_run";
CREATE POLICY reader ON "workflow_run" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "workflow_run" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "workflow_run" FROM voelgoed_app;
GRANT SELECT, INSERT ON "workflow_run" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "workflow_run";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "workflow_run"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "workflow_run";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "workflow_run" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "workflow_run";
DROP TRIGGER IF EXISTS audit_insert ON "workflow_run";
DROP TRIGGER IF EXISTS audit_update ON "workflow_run";
DROP TRIGGER IF EXISTS audit_delete ON "workflow_run";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "workflow_run"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"workflow_step"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "workflow_step" OWNER TO voelgoed_owner;
ALTER TABLE "workflow_step" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "workflow_step" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "workflow_step";
CREATE POLICY tenant ON "workflow_step" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "workflow_step";
CREATE POLICY owner ON "workflow_step" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "workflow_step";
CREATE POLICY reader ON "workflow_step" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "workflow_step" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "workflow_step" FROM voelgoed_app;
GRANT SELECT, INSERT ON "workflow_step" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "workflow_step";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "workflow_step"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "workflow_step";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "workflow_step" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "workflow_step";
DROP TRIGGER IF EXISTS audit_insert ON "workflow_step";
DROP TRIGGER IF EXISTS audit_update ON "workflow_step";
DROP TRIGGER IF EXISTS audit_delete ON "workflow_step";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "workflow_step"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"zone"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "zone" OWNER TO voelgoed_owner;
ALTER TABLE "zone" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "zone" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "zone";
CREATE POLICY tenant ON "zone" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "zone";
CREATE POLICY owner ON "zone" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "zone";
CREATE POLICY reader ON "zone" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "zone" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "zone" FROM voelgoed_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "zone" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "zone";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "zone"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "zone";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "zone" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "zone";
DROP TRIGGER IF EXISTS audit_insert ON "zone";
DROP TRIGGER IF EXISTS audit_update ON "zone";
DROP TRIGGER IF EXISTS audit_delete ON "zone";

CREATE TRIGGER audit_insert AFTER INSERT ON "zone" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_update AFTER UPDATE ON "zone" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');
CREATE TRIGGER audit_delete AFTER DELETE ON "zone" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION audit_changes('full_diff', 'created_at,id,name_key,organization_id,updated_at', '', 'organization_id', '');

-- What can be sold for a day fits its zones: for each zone, the pools of the types that open it or a zone inside
-- it; for the venue, all pools of the day together. A pool whose types are all put away counts what it has taken; one
-- of gate passes, which are put away for good, its capacity.
CREATE OR REPLACE FUNCTION refuse_more_than_zones_hold(organization uuid, days uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  over record;
BEGIN
  -- One change at a time per day: two that fit alone may not fit together.
  PERFORM pg_advisory_xact_lock(hashtextextended('zones on day ' || one, 0)) FROM unnest(days) AS one ORDER BY one;
  WITH RECURSIVE counted AS (
    SELECT p.id, p.day_id, p.event_id,
           CASE WHEN EXISTS (SELECT FROM type_pool tp JOIN ticket_type t ON t.organization_id = tp.organization_id
                                AND t.id = tp.ticket_type_id
                              WHERE tp.organization_id = p.organization_id AND tp.pool_id = p.id)
                 AND NOT EXISTS (SELECT FROM type_pool tp JOIN ticket_type t ON t.organization_id = tp.organization_id
                                    AND t.id = tp.ticket_type_id
                                  WHERE tp.organization_id = p.organization_id AND tp.pool_id = p.id
                                    AND (t.archived_at IS NULL OR t.gate_pass))
                THEN p.taken ELSE p.capacity END AS bodies
      FROM pool p WHERE p.organization_id = organization AND p.day_id = ANY (days)
  ), opened AS (
    SELECT c.day_id, c.id AS pool_id, c.bodies, tz.zone_id
      FROM counted c
      JOIN type_pool tp ON tp.organization_id = organization AND tp.pool_id = c.id
      JOIN type_zone tz ON tz.organization_id = organization AND tz.ticket_type_id = tp.ticket_type_id
    UNION
    SELECT o.day_id, o.pool_id, o.bodies, z.parent_id
      FROM opened o JOIN zone z ON z.organization_id = organization AND z.id = o.zone_id
     WHERE z.parent_id IS NOT NULL
  ), sums AS (
    SELECT o.day_id, z.name, z.capacity, sum(o.bodies) AS bodies
      FROM opened o JOIN zone z ON z.organization_id = organization AND z.id = o.zone_id
     GROUP BY o.day_id, z.id, z.name, z.capacity
    UNION ALL
    SELECT c.day_id, v.name, (SELECT sum(z.capacity) FROM zone z WHERE z.organization_id = organization
                                 AND z.venue_id = v.id AND z.parent_id IS NULL AND z.archived_at IS NULL),
           sum(c.bodies)
      FROM counted c
      JOIN event e ON e.organization_id = organization AND e.id = c.event_id
      JOIN venue v ON v.organization_id = organization AND v.id = e.venue_id
     GROUP BY c.day_id, v.id, v.name
  )
  SELECT s.name, s.capacity, s.bodies, d.date INTO over
    FROM sums s JOIN day d ON d.organization_id = organization AND d.id = s.day_id
   WHERE s.bodies > s.capacity ORDER BY s.bodies - s.capacity DESC LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% holds %; the tickets for % would come to %.', over.name, over.capacity, over.date, over.bodies
      USING ERRCODE = 'check_violation', CONSTRAINT = 'zone_capacity';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION keep_zone_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  days uuid[];
BEGIN
  CASE TG_TABLE_NAME
    WHEN 'pool' THEN
      days := ARRAY[NEW.day_id];
    WHEN 'type_pool' THEN
      days := ARRAY(SELECT p.day_id FROM pool p WHERE p.organization_id = NEW.organization_id AND p.id = NEW.pool_id);
    WHEN 'zone' THEN
      days := ARRAY(SELECT d.id FROM day d JOIN event e ON e.organization_id = d.organization_id AND e.id = d.event_id
                     WHERE d.organization_id = NEW.organization_id AND e.venue_id = NEW.venue_id
                       AND d.ends_at > now());
    ELSE
      days := ARRAY(SELECT p.day_id FROM pool p JOIN type_pool tp ON tp.organization_id = p.organization_id
                       AND tp.pool_id = p.id
                     WHERE p.organization_id = NEW.organization_id
                       AND tp.ticket_type_id = (to_jsonb(NEW)->>CASE TG_TABLE_NAME WHEN 'ticket_type' THEN 'id'
                                                                 ELSE 'ticket_type_id' END)::uuid);
  END CASE;
  PERFORM refuse_more_than_zones_hold(NEW.organization_id, days);
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS zone_capacity ON "zone";
CREATE TRIGGER zone_capacity AFTER UPDATE OF capacity, parent_id, archived_at ON "zone"
  FOR EACH ROW EXECUTE FUNCTION keep_zone_capacity();
DROP TRIGGER IF EXISTS zone_capacity ON pool;
CREATE TRIGGER zone_capacity AFTER INSERT OR UPDATE OF capacity, day_id ON pool
  FOR EACH ROW EXECUTE FUNCTION keep_zone_capacity();
DROP TRIGGER IF EXISTS zone_capacity ON type_pool;
CREATE TRIGGER zone_capacity AFTER INSERT OR UPDATE ON type_pool
  FOR EACH ROW EXECUTE FUNCTION keep_zone_capacity();
DROP TRIGGER IF EXISTS zone_capacity ON type_zone;
CREATE TRIGGER zone_capacity AFTER INSERT OR UPDATE ON type_zone
  FOR EACH ROW EXECUTE FUNCTION keep_zone_capacity();
DROP TRIGGER IF EXISTS zone_capacity ON ticket_type;
CREATE TRIGGER zone_capacity AFTER UPDATE OF archived_at ON ticket_type
  FOR EACH ROW EXECUTE FUNCTION keep_zone_capacity();

-- Zones form a tree: no zone lies inside itself, however far up.
CREATE OR REPLACE FUNCTION refuse_circle_of_zones() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.parent_id IS NOT NULL AND NEW.id IN (
    WITH RECURSIVE above AS (
      SELECT z.id, z.parent_id FROM zone z WHERE z.organization_id = NEW.organization_id AND z.id = NEW.parent_id
      UNION
      SELECT z.id, z.parent_id FROM zone z JOIN above a ON z.organization_id = NEW.organization_id AND z.id = a.parent_id
    ) SELECT above.id FROM above) THEN
    RAISE EXCEPTION 'A zone cannot lie inside itself.'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'zone_tree';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS zone_tree ON "zone";
CREATE TRIGGER zone_tree AFTER UPDATE OF parent_id ON "zone"
  FOR EACH ROW EXECUTE FUNCTION refuse_circle_of_zones();

-- Who may reach a tenant table: `"zone_emptied"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "zone_emptied" OWNER TO voelgoed_owner;
ALTER TABLE "zone_emptied" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "zone_emptied" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "zone_emptied";
CREATE POLICY tenant ON "zone_emptied" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "zone_emptied";
CREATE POLICY owner ON "zone_emptied" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "zone_emptied";
CREATE POLICY reader ON "zone_emptied" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "zone_emptied" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "zone_emptied" FROM voelgoed_app;
GRANT SELECT, INSERT ON "zone_emptied" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "zone_emptied";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "zone_emptied"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "zone_emptied";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "zone_emptied" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "zone_emptied";
DROP TRIGGER IF EXISTS audit_insert ON "zone_emptied";
DROP TRIGGER IF EXISTS audit_update ON "zone_emptied";
DROP TRIGGER IF EXISTS audit_delete ON "zone_emptied";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "zone_emptied"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- Who may reach a tenant table: `"zreport"`, by its column `organization_id`. Applied again at each revision.
ALTER TABLE "zreport" OWNER TO voelgoed_owner;
ALTER TABLE "zreport" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "zreport" FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS tenant ON "zreport";
CREATE POLICY tenant ON "zreport" TO voelgoed_app
  USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)
  WITH CHECK (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
DROP POLICY IF EXISTS owner ON "zreport";
CREATE POLICY owner ON "zreport" TO voelgoed_owner USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS reader ON "zreport";
CREATE POLICY reader ON "zreport" FOR SELECT TO voelgoed_report, voelgoed_backup USING (true);
GRANT SELECT ON "zreport" TO voelgoed_report, voelgoed_backup;
REVOKE ALL ON "zreport" FROM voelgoed_app;
GRANT SELECT, INSERT ON "zreport" TO voelgoed_app;

DROP TRIGGER IF EXISTS key_is_fixed ON "zreport";
CREATE TRIGGER key_is_fixed BEFORE UPDATE OF organization_id, id ON "zreport"
  FOR EACH ROW WHEN (OLD.organization_id IS DISTINCT FROM NEW.organization_id OR OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_key_change();
DROP TRIGGER IF EXISTS no_truncate ON "zreport";
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON "zreport" FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

DROP TRIGGER IF EXISTS append_only ON "zreport";
DROP TRIGGER IF EXISTS audit_insert ON "zreport";
DROP TRIGGER IF EXISTS audit_update ON "zreport";
DROP TRIGGER IF EXISTS audit_delete ON "zreport";

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "zreport"
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();

-- What may be asked before an organization is known. Each function does one thing, owned by voelgoed_door,
-- which has policies and column grants on just these tables.
CREATE SCHEMA IF NOT EXISTS door;
GRANT USAGE, CREATE ON SCHEMA door TO voelgoed_door;
GRANT USAGE ON SCHEMA door TO voelgoed_app;
GRANT USAGE ON SCHEMA public TO voelgoed_door;

GRANT SELECT ON organization TO voelgoed_door;
GRANT INSERT ON organization, membership TO voelgoed_door;
GRANT SELECT (organization_id, id, user_id, name, roles, left_at) ON membership TO voelgoed_door;
GRANT SELECT, INSERT, UPDATE ON "user", sign_in, first_owner_link TO voelgoed_door;
GRANT SELECT, INSERT, UPDATE, DELETE ON attempt_count TO voelgoed_door;
GRANT SELECT (organization_id, id, done_at, due_at) ON outbox_row TO voelgoed_door;
DROP POLICY IF EXISTS door ON organization;
CREATE POLICY door ON organization TO voelgoed_door USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS door ON membership;
CREATE POLICY door ON membership TO voelgoed_door USING (true) WITH CHECK (true);
DROP POLICY IF EXISTS door ON outbox_row;
CREATE POLICY door ON outbox_row FOR SELECT TO voelgoed_door USING (true);

CREATE OR REPLACE FUNCTION door.organization_of(slug text)
RETURNS TABLE (id uuid, name text, timezone text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT o.id, o.name, o.timezone FROM organization o
   WHERE o.slug = organization_of.slug AND o.suspended_at IS NULL
$$;

CREATE OR REPLACE FUNCTION door.try_sign_in(email text)
RETURNS TABLE (user_id uuid, password_hash text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT u.id, u.password_hash FROM "user" u WHERE u.email = lower(try_sign_in.email)
$$;

CREATE OR REPLACE FUNCTION door.user_by_id(user_id uuid)
RETURNS TABLE (email text, password_hash text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT u.email, u.password_hash FROM "user" u WHERE u.id = user_by_id.user_id
$$;

CREATE OR REPLACE FUNCTION door.open_sign_in(id uuid, user_id uuid, secret_hash bytea, label text, hours integer)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO sign_in (id, user_id, secret_hash, label, expires_at, seen_at)
  VALUES (id, user_id, secret_hash, left(label, 200), now() + make_interval(hours => hours), now())
$$;

CREATE OR REPLACE FUNCTION door.session_of(secret_hash bytea)
RETURNS TABLE (sign_in_id uuid, user_id uuid, email text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT s.id, s.user_id, u.email FROM sign_in s JOIN "user" u ON u.id = s.user_id
   WHERE s.secret_hash = session_of.secret_hash AND s.ended_at IS NULL AND s.expires_at > now()
$$;

CREATE OR REPLACE FUNCTION door.sign_ins_of(user_id uuid)
RETURNS TABLE (id uuid, label text, created_at timestamptz, seen_at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT s.id, s.label, s.created_at, s.seen_at FROM sign_in s
   WHERE s.user_id = sign_ins_of.user_id AND s.ended_at IS NULL AND s.expires_at > now() ORDER BY s.seen_at DESC
$$;

CREATE OR REPLACE FUNCTION door.end_sign_in(user_id uuid, sign_in_id uuid)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH ended AS (UPDATE sign_in s SET ended_at = now() WHERE s.id = sign_in_id
                  AND s.user_id = end_sign_in.user_id AND s.ended_at IS NULL RETURNING 1)
  SELECT count(*) FROM ended
$$;

CREATE OR REPLACE FUNCTION door.end_other_sign_ins(user_id uuid, keep uuid)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH ended AS (UPDATE sign_in s SET ended_at = now() WHERE s.id IS DISTINCT FROM keep
                  AND s.user_id = end_other_sign_ins.user_id AND s.ended_at IS NULL RETURNING 1)
  SELECT count(*) FROM ended
$$;

CREATE OR REPLACE FUNCTION door.create_user(id uuid, email text, password_hash text)
RETURNS uuid LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO "user" (id, email, password_hash) VALUES (id, lower(email), password_hash)
  ON CONFLICT (email) DO NOTHING RETURNING "user".id
$$;

CREATE OR REPLACE FUNCTION door.set_password(user_id uuid, password_hash text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE "user" u SET password_hash = set_password.password_hash WHERE u.id = set_password.user_id
$$;

CREATE OR REPLACE FUNCTION door.memberships_of(user_id uuid)
RETURNS TABLE (organization_id uuid, slug text, organization text, membership_id uuid, name text, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT o.id, o.slug, o.name, m.id, m.name, m.roles FROM membership m JOIN organization o ON o.id = m.organization_id
   WHERE m.user_id = memberships_of.user_id AND m.left_at IS NULL AND o.suspended_at IS NULL ORDER BY o.name
$$;

-- One try more under this key; answers whether it is still within the limit of its window (seconds).
CREATE OR REPLACE FUNCTION door.count_attempt(key text, most integer, seconds integer)
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO attempt_count AS a (id, key, tries, window_ends_at)
  VALUES (gen_random_uuid(), key, 1, now() + make_interval(secs => seconds))
  ON CONFLICT (key) DO UPDATE SET
    tries = CASE WHEN a.window_ends_at < now() THEN 1 ELSE a.tries + 1 END,
    window_ends_at = CASE WHEN a.window_ends_at < now() THEN excluded.window_ends_at ELSE a.window_ends_at END
  RETURNING a.tries <= most
$$;

-- The same, but the window begins anew with each try until the last one that is allowed: that one locks for its length.
CREATE OR REPLACE FUNCTION door.count_to_lock(key text, most integer, seconds integer)
RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO attempt_count AS a (id, key, tries, window_ends_at)
  VALUES (gen_random_uuid(), key, 1, now() + make_interval(secs => seconds))
  ON CONFLICT (key) DO UPDATE SET
    tries = CASE WHEN a.window_ends_at < now() THEN 1 ELSE a.tries + 1 END,
    window_ends_at = CASE WHEN a.window_ends_at < now() OR a.tries < most THEN excluded.window_ends_at
                          ELSE a.window_ends_at END
  RETURNING a.tries <= most
$$;

CREATE OR REPLACE FUNCTION door.forget_attempts(key text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM attempt_count a WHERE a.key = forget_attempts.key
$$;

CREATE OR REPLACE FUNCTION door.make_first_owner_link(id uuid, secret_hash bytea, hours integer)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO first_owner_link (id, secret_hash, expires_at)
  VALUES (id, secret_hash, now() + make_interval(hours => hours))
$$;

CREATE OR REPLACE FUNCTION door.first_owner_link_is_open(secret_hash bytea)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM first_owner_link l WHERE l.secret_hash = first_owner_link_is_open.secret_hash
                  AND l.used_at IS NULL AND l.expires_at > now())
$$;

-- Founds an organization with its owner, once per link; answers nothing when the link is used or the slug taken.
CREATE OR REPLACE FUNCTION door.found_organization(
  secret_hash bytea, organization_id uuid, slug text, name text, membership_id uuid, user_id uuid, owner_name text)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE first_owner_link l SET used_at = now() WHERE l.secret_hash = found_organization.secret_hash
     AND l.used_at IS NULL AND l.expires_at > now();
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO organization (id, slug, name, timezone, currency, vat_vendor, cash_rounding_cents,
                            box_office_void_limit_cents, box_office_comp_limit, box_office_discount_percent,
                            manager_discount_percent, supervisor_pass_limit)
  VALUES (organization_id, slug, name, 'Africa/Johannesburg', 'ZAR', false, 10, 0, 0, 0, 100, 10);
  INSERT INTO membership (organization_id, id, user_id, name, roles)
  VALUES (organization_id, membership_id, user_id, owner_name, '{owner}');
  RETURN organization_id;
END $$;

CREATE OR REPLACE FUNCTION door.organizations_with_due_work()
RETURNS TABLE (organization_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT r.organization_id FROM outbox_row r WHERE r.done_at IS NULL AND r.due_at <= now()
$$;

CREATE OR REPLACE FUNCTION door.organizations()
RETURNS TABLE (organization_id uuid, slug text) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT o.id, o.slug FROM organization o WHERE o.suspended_at IS NULL AND o.id <> '00000000-0000-0000-0000-000000000000'
$$;

-- Whose webhook address this is: a processor names nobody else.
GRANT SELECT (organization_id, hook) ON gateway_account TO voelgoed_door;
DROP POLICY IF EXISTS door ON gateway_account;
CREATE POLICY door ON gateway_account FOR SELECT TO voelgoed_door USING (true);
CREATE OR REPLACE FUNCTION door.account_of_hook(hook uuid)
RETURNS TABLE (organization_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.organization_id FROM gateway_account a JOIN organization o ON o.id = a.organization_id
   WHERE a.hook = account_of_hook.hook AND o.suspended_at IS NULL
$$;

-- The platform's trail says who acted outside one organization, and why (invariant T4).
CREATE OR REPLACE FUNCTION door.record_skip(reason text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO rule_skip (id, reason) VALUES (gen_random_uuid(), reason)
$$;
GRANT INSERT, SELECT ON rule_skip TO voelgoed_door;

DO $$
DECLARE
  made record;
BEGIN
  FOR made IN SELECT p.oid::regprocedure AS signature FROM pg_proc p
               WHERE p.pronamespace = 'door'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO voelgoed_door', made.signature);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', made.signature);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO voelgoed_app', made.signature);
  END LOOP;
END $$;

INSERT INTO organization (id, slug, name, timezone, currency, vat_vendor, cash_rounding_cents,
                          box_office_void_limit_cents, box_office_comp_limit, box_office_discount_percent,
                          manager_discount_percent, supervisor_pass_limit, suspended_at)
VALUES ('00000000-0000-0000-0000-000000000000', 'platform', 'Platform', 'UTC', 'ZAR', false, 10, 0, 0, 0, 100, 0, now())
ON CONFLICT DO NOTHING;

-- Which versions of workflows are still needed, asked when the application starts, before any organization is known.
-- A run that has not ended has a job that is not done, or waits for a person: few rows, however many runs there were.
GRANT SELECT (organization_id, id, workflow, version) ON workflow_run TO voelgoed_door;
GRANT SELECT (organization_id, run_id) ON workflow_outcome, run_stuck TO voelgoed_door;
GRANT SELECT (subject_id) ON outbox_row TO voelgoed_door;
DROP POLICY IF EXISTS door ON workflow_run;
CREATE POLICY door ON workflow_run FOR SELECT TO voelgoed_door USING (true);
DROP POLICY IF EXISTS door ON workflow_outcome;
CREATE POLICY door ON workflow_outcome FOR SELECT TO voelgoed_door USING (true);
DROP POLICY IF EXISTS door ON run_stuck;
CREATE POLICY door ON run_stuck FOR SELECT TO voelgoed_door USING (true);

CREATE OR REPLACE FUNCTION door.unfinished_runs()
RETURNS TABLE (workflow text, version integer, runs bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT r.workflow, r.version, count(*) FROM workflow_run r
    JOIN (SELECT o.organization_id, o.subject_id AS run_id FROM outbox_row o
           WHERE o.done_at IS NULL AND o.subject_id IS NOT NULL
          UNION SELECT s.organization_id, s.run_id FROM run_stuck s) waiting
      ON r.organization_id = waiting.organization_id AND r.id = waiting.run_id
   WHERE NOT EXISTS (SELECT FROM workflow_outcome e WHERE e.organization_id = r.organization_id AND e.run_id = r.id)
   GROUP BY r.workflow, r.version ORDER BY r.workflow, r.version
$$;
ALTER FUNCTION door.unfinished_runs() OWNER TO voelgoed_door;
REVOKE ALL ON FUNCTION door.unfinished_runs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.unfinished_runs() TO voelgoed_app;

CREATE TABLE IF NOT EXISTS schema_stamp (hash text NOT NULL);
GRANT SELECT ON schema_stamp, alembic_version TO voelgoed_app, voelgoed_report, voelgoed_backup;
DELETE FROM schema_stamp;
INSERT INTO schema_stamp VALUES ('b90361aa116af652b97747efa632150aec45ff8bfb25cd90ee06f5f26fdbe951');
