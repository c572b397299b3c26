# Nothing here is a get-or-create, though each of these reads and writes.
module Desk
  module_function

  # A collection is loaded and gets another member.
  def comment(ticket, body)
    count = ticket.comments.to_a.size
    ticket.comments.create!(body: "#{count}: #{body}")
  end

  def open_ticket(customer, subject)
    Ticket.create!(customer: customer, subject: subject)
  end

  def enqueue(queue)
    Job.create!(queue: queue, state: 'queued')
  end

  # A worker polls its queue.
  def work(queue)
    Job.transaction do
      job = Job.where(queue: queue, state: 'queued').order(:id).lock.first
      job&.update!(state: 'done')
    end
  end

  def invite
    Invite.create!(token: SecureRandom.hex(10)).token
  end

  def accept(token)
    Invite.find_by(token: token)&.destroy
  end

  def log_in(subdomain)
    account = Account.find_by(subdomain: subdomain)
    Login.create!(subdomain: subdomain) if account
  end

  # As an auditing gem does: the highest number so far, and the next.
  def record_version(ticket)
    number = Version.where(item_type: 'Ticket', item_id: ticket.id).maximum(:number).to_i
    Version.create!(item_type: 'Ticket', item_id: ticket.id, number: number + 1)
  end

  def close_on(account, days)
    Holiday.where(account_id: account.id).delete_all
    days.each { |day| Holiday.create!(account_id: account.id, day: day) }
  end

  # Read back what was written.
  def attach(ticket, checksum)
    Attachment.create!(ticket_id: ticket.id, checksum: checksum).reload
    Attachment.find_by!(ticket_id: ticket.id, checksum: checksum)
  end

  def rate(customer, stars)
    Rating.where(customer_id: customer.id).average(:stars)
    Rating.create!(customer_id: customer.id, stars: stars)
  end

  # Looked at here, inserted by a nightly program for another period.
  def allowance?(account, period)
    Allowance.exists?(account_id: account.id, period: period)
  end

  def add_allowance(account, period)
    Allowance.create!(account_id: account.id, period: period, used: 0)
  end

  def busy_customers
    Customer.joins(:tickets).where(tickets: { comments_count: 0 }).where.not(name: 'Nobody').limit(10).to_a
  end
end
