ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table(:accounts) { |t| t.string :subdomain, null: false, index: { unique: true } }
  create_table :customers do |t|
    t.bigint :account_id, null: false
    t.string :email, null: false
    t.string :name
    t.timestamps
  end
  create_table :tickets do |t|
    t.bigint :customer_id, null: false
    t.string :subject
    t.integer :comments_count, default: 0
    t.timestamps
  end
  create_table(:tags) { |t| t.string :name, null: false }
  create_table :taggings do |t|
    t.bigint :tag_id, null: false
    t.bigint :ticket_id, null: false
  end
  create_table :marks do |t|
    t.string :type, null: false
    t.string :name, null: false
  end
  create_table :agents do |t|
    t.string :handle, null: false
    t.boolean :active, null: false
  end
  create_table :subscriptions do |t|
    t.bigint :customer_id, null: false
    t.string :topic, null: false
    t.datetime :deleted_at
  end
  create_table :addresses do |t|
    t.bigint :customer_id, null: false
    t.string :street, null: false
  end
  create_table :devices do |t|
    t.string :fingerprint, null: false, index: { unique: true }
    t.timestamps
  end
  create_table :visits do |t|
    t.date :day, null: false
    t.bigint :customer_id, null: false
    t.timestamps
  end
  create_table :drafts do |t|
    t.bigint :ticket_id, null: false
    t.bigint :agent_id, null: false
    t.text :body
    t.timestamps
  end
  create_table(:email_addresses) { |t| t.string :address, null: false }
  create_table :articles do |t|
    t.string :slug, null: false, index: { unique: true }
    t.string :title
  end
  create_table :macros do |t|
    t.bigint :team_id
    t.string :name, null: false
  end
  create_table :reactions do |t|
    t.bigint :ticket_id, null: false
    t.bigint :agent_id, null: false
    t.string :emoji, null: false
  end
  create_table(:companies) { |t| t.string :registration_no, null: false }
  create_table :features do |t|
    t.bigint :account_id, null: false
    t.string :name, null: false
    t.boolean :enabled
    t.index %i[account_id name], unique: true
  end
  create_table :statistics do |t|
    t.date :day, null: false
    t.string :metric, null: false
    t.integer :value
    t.index %i[day metric], unique: true
  end
  create_table(:webhooks) { |t| t.string :url, null: false, index: { unique: true } }
  create_table :channels do |t|
    t.bigint :account_id, null: false
    t.string :kind, null: false
    t.string :name, null: false
  end
  create_table :preferences do |t|
    t.bigint :agent_id, null: false
    t.string :key, null: false
    t.string :value
  end

  create_table :comments do |t|
    t.bigint :ticket_id, null: false
    t.text :body
    t.timestamps
  end
  create_table :jobs do |t|
    t.string :queue, null: false
    t.string :state, null: false
  end
  create_table(:invites) { |t| t.string :token, null: false }
  create_table :logins do |t|
    t.string :subdomain, null: false
    t.datetime :created_at
  end
  create_table :versions do |t|
    t.string :item_type, null: false
    t.bigint :item_id, null: false
    t.integer :number
  end
  create_table :holidays do |t|
    t.bigint :account_id, null: false
    t.date :day, null: false
  end
  create_table :attachments do |t|
    t.bigint :ticket_id, null: false
    t.string :checksum, null: false
  end
  create_table :ratings do |t|
    t.bigint :customer_id, null: false
    t.integer :stars
  end
  create_table :allowances do |t|
    t.bigint :account_id, null: false
    t.string :period, null: false
    t.integer :used
  end
end
