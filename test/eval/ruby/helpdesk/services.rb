# Everything here is a get-or-create, in one of the ways in which Rails applications write them.
module Services
  module_function

  def account(subdomain)
    Account.find_or_create_by!(subdomain: subdomain)
  end

  # The validator looks whether the address is taken in the account, in whatever case.
  def sign_up(account, email, name)
    Customer.create(account: account, email: email, name: name)
  end

  def tag(ticket, name)
    tag = Tag.find_or_create_by!(name: name)
    Tagging.find_or_create_by!(tag: tag, ticket: ticket)
  end

  def label(name)
    Label.find_or_create_by!(name: name)
  end

  def active_agent(handle)
    Agent.find_or_create_by!(handle: handle, active: true)
  end

  def subscribe(customer, topic)
    Subscription.kept.find_or_create_by!(customer_id: customer.id, topic: topic)
  end

  # Through the association, with a block.
  def address(customer, street)
    customer.addresses.where(street: street).first_or_create!
  end

  # Relies on the unique index.
  def device(fingerprint)
    Device.create_or_find_by!(fingerprint: fingerprint)
  end

  def visit(day, customer)
    Visit.where(day: day, customer_id: customer.id).first_or_create!
  end

  def save_draft(ticket, agent_id, body)
    draft = Draft.find_or_initialize_by(ticket_id: ticket.id, agent_id: agent_id)
    draft.body = body
    draft.save!
  end

  def email_address(address)
    EmailAddress.where('LOWER(address) = ?', address.downcase).first || EmailAddress.create!(address: address)
  end

  # The validator first, the index behind it.
  def article(slug, title)
    Article.create(slug: slug, title: title)
  rescue ActiveRecord::RecordNotUnique
    Article.find_by!(slug: slug)
  end

  # Without a team for those that everybody may use.
  def macro(team_id, name)
    Macro.find_or_create_by!(team_id: team_id, name: name)
  end

  def react(ticket, agent_id, emoji)
    ActiveRecord::Base.transaction do
      ticket.lock!
      Reaction.find_or_create_by!(ticket_id: ticket.id, agent_id: agent_id, emoji: emoji)
    end
  end

  def company(registration_no)
    Company.find_by(registration_no: registration_no) || Company.create!(registration_no: registration_no)
  end

  def set_feature(account, name, enabled)
    Feature.upsert({ account_id: account.id, name: name, enabled: enabled }, **unique_by(%i[account_id name]))
  end

  def collect(rows)
    Statistic.insert_all(rows, **unique_by(%i[day metric]))
  end

  # Rails' own advice: by hand, with a retry.
  def webhook(url)
    Webhook.find_or_create_by!(url: url)
  rescue ActiveRecord::RecordNotUnique
    retry
  end

  def channel(account, kind, name)
    Channel.create(account_id: account.id, kind: kind, name: name)
  end

  def prefer(agent_id, key, value)
    return if Preference.exists?(agent_id: agent_id, key: key)

    Preference.create!(agent_id: agent_id, key: key, value: value)
  end

  # MySQL has no way to name the index.
  def unique_by(columns)
    ActiveRecord::Base.connection.adapter_name == 'PostgreSQL' ? { unique_by: columns } : {}
  end
end
