# ruby helpdesk/run.rb create | work
require 'date'
require 'securerandom'
require_relative '../traffic'
Traffic.connect('Helpdesk')
require_relative 'models'
require_relative 'services'
require_relative 'desk'

PEOPLE = ['Aiko', 'Bruno', 'Chiara', "D'Angelo", 'Émile', 'Fatima'].freeze
DAY = Date.new(2026, 4, 1)

def create
  load File.join(__dir__, 'schema.rb')
  6.times { |n| Account.create!(subdomain: "team#{n}") }
  30.times do |n|
    customer = Customer.create!(account_id: 1 + n % 6, email: "customer#{n}@example.com", name: PEOPLE[n % 6])
    Ticket.create!(customer: customer, subject: "It doesn't work (#{n})")
  end
end

# A few come often, and the others now and then.
def pick(numbers, model, size)
  model.find(numbers.rand(1..(numbers.rand < 0.7 ? [size, 5].min : size)))
end

def mail(numbers)
  name = "#{PEOPLE[numbers.rand(3)].downcase}#{numbers.rand(8)}"
  [name, name.capitalize, name.upcase][numbers.rand(3)] + '@example.com'
end

def day(numbers)
  DAY + numbers.rand(5)
end

ACTIONS = {
  'accounts#show' => ->(n) { Services.account("team#{n.rand(35)}") },
  'customers#create' => ->(n) { Services.sign_up(pick(n, Account, 6), mail(n), PEOPLE.sample(random: n)) },
  'tags#create' => ->(n) { Services.tag(pick(n, Ticket, 30), "tag#{n.rand(12)}") },
  'labels#create' => ->(n) { Services.label("label#{n.rand(25)}") },
  'agents#create' => ->(n) { Services.active_agent("agent#{n.rand(25)}") },
  'subscriptions#create' => ->(n) { Services.subscribe(pick(n, Customer, 30), %w[news outages beta].sample(random: n)) },
  'subscriptions#destroy' => lambda { |n|
    Subscription.kept.where(customer_id: n.rand(1..6)).update_all(deleted_at: Time.now.utc) if n.rand < 0.3
  },
  'addresses#create' => ->(n) { Services.address(pick(n, Customer, 30), "#{n.rand(1..4)} High Street") },
  'devices#create' => ->(n) { Services.device("fp-#{n.rand(25)}") },
  'visits#create' => ->(n) { Services.visit(day(n), pick(n, Customer, 30)) },
  'drafts#update' => ->(n) { Services.save_draft(pick(n, Ticket, 30), n.rand(1..3), "Hello #{n.rand(99)}") },
  'emails#create' => ->(n) { Services.email_address(mail(n)) },
  'articles#create' => ->(n) { Services.article("how-to-#{n.rand(30)}", 'How to') },
  'macros#create' => ->(n) { Services.macro([nil, nil, 1, 2, 3].sample(random: n), "macro#{n.rand(6)}") },
  'reactions#create' => ->(n) { Services.react(pick(n, Ticket, 30), n.rand(1..2), %w[up down heart].sample(random: n)) },
  'companies#create' => ->(n) { Services.company("HRB #{n.rand(25)}") },
  'features#update' => ->(n) { Services.set_feature(pick(n, Account, 6), "feature#{n.rand(5)}", n.rand < 0.5) },
  'statistics#create' => ->(n) { Services.collect([{ day: day(n), metric: %w[open closed].sample(random: n), value: 1 }]) },
  'webhooks#create' => ->(n) { Services.webhook("https://hooks.example.com/#{n.rand(25)}") },
  'channels#create' => ->(n) { Services.channel(pick(n, Account, 6), %w[mail chat].sample(random: n), "c#{n.rand(3)}") },
  'preferences#create' => ->(n) { Services.prefer(n.rand(1..6), "key#{n.rand(5)}", 'on') },
  'comments#create' => ->(n) { Desk.comment(pick(n, Ticket, 30), 'Any news?') },
  'tickets#create' => ->(n) { n.rand < 0.3 && Desk.open_ticket(pick(n, Customer, 30), 'Help') },
  'jobs#create' => ->(n) { Desk.enqueue(%w[mail index].sample(random: n)) },
  'jobs#work' => ->(n) { Desk.work(%w[mail index].sample(random: n)) },
  'invites#accept' => ->(n) { Desk.invite.then { |token| Desk.accept(n.rand < 0.7 ? token : 'none') } },
  'sessions#create' => ->(n) { Desk.log_in("team#{n.rand(9)}") },
  'tickets#update' => ->(n) { Desk.record_version(pick(n, Ticket, 30)) },
  'holidays#replace' => ->(n) { n.rand < 0.4 && Desk.close_on(pick(n, Account, 6), [day(n), day(n)]) },
  'attachments#create' => ->(n) { Desk.attach(pick(n, Ticket, 30), SecureRandom.hex(8)) },
  'ratings#create' => ->(n) { Desk.rate(pick(n, Customer, 30), n.rand(1..5)) },
  'allowances#show' => ->(n) { Desk.allowance?(pick(n, Account, 6), "2026-#{n.rand(1..12)}") },
  'allowances#create' => ->(n) { n.rand < 0.2 && Desk.add_allowance(pick(n, Account, 6), "2027-#{n.rand(1..12)}") },
  'customers#busy' => ->(_) { Desk.busy_customers }
}.freeze

RACES = {
  'visits#create' => ->(n) { Services.visit(DAY, pick(n, Customer, 30)) },
  'accounts#show' => ->(n) { Services.account("race#{n.rand(9999)}") },
  'devices#create' => ->(n) { Services.device("race-#{n.rand(9999)}") },
  'companies#create' => ->(n) { Services.company("HRB #{n.rand(1000..9999)}") },
  'webhooks#create' => ->(n) { Services.webhook("https://hooks.example.com/#{n.rand(1000..9999)}") },
  'articles#create' => ->(n) { Services.article("race-#{n.rand(9999)}", 'How to') }
}.freeze

if ARGV[0] == 'create'
  create
else
  losers = [ActiveRecord::RecordNotUnique, ActiveRecord::RecordInvalid, ActiveRecord::Deadlocked]
  Traffic.drive(ACTIONS, RACES, expected: losers)
end
