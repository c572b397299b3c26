# A help desk for several accounts. Some of what is looked up before it is inserted has a unique index.
class Account < ActiveRecord::Base
  has_many :customers
end

class Customer < ActiveRecord::Base
  belongs_to :account
  has_many :tickets
  has_many :addresses
  validates :email, uniqueness: { scope: :account_id, case_sensitive: false }
end

class Ticket < ActiveRecord::Base
  belongs_to :customer
  has_many :taggings
  has_many :tags, through: :taggings
  has_many :comments
end

class Tag < ActiveRecord::Base
end

class Tagging < ActiveRecord::Base
  belongs_to :tag
  belongs_to :ticket
end

# A table for several kinds.
class Mark < ActiveRecord::Base
end

class Label < Mark
end

class Flag < Mark
end

class Agent < ActiveRecord::Base
end

class Subscription < ActiveRecord::Base
  scope :kept, -> { where(deleted_at: nil) }
end

class Address < ActiveRecord::Base
  belongs_to :customer
end

class Device < ActiveRecord::Base
end

class Visit < ActiveRecord::Base
end

class Draft < ActiveRecord::Base
end

class EmailAddress < ActiveRecord::Base
end

class Article < ActiveRecord::Base
  validates :slug, uniqueness: true
end

class Macro < ActiveRecord::Base
end

class Reaction < ActiveRecord::Base
end

class Company < ActiveRecord::Base
end

class Feature < ActiveRecord::Base
end

class Statistic < ActiveRecord::Base
end

class Webhook < ActiveRecord::Base
end

class Channel < ActiveRecord::Base
  validates :name, uniqueness: { scope: %i[account_id kind] }
end

class Preference < ActiveRecord::Base
end

# What follows is never looked up to be created.

class Comment < ActiveRecord::Base
  belongs_to :ticket
end

class Job < ActiveRecord::Base
end

class Invite < ActiveRecord::Base
end

class Login < ActiveRecord::Base
end

class Version < ActiveRecord::Base
end

class Holiday < ActiveRecord::Base
end

class Attachment < ActiveRecord::Base
end

class Rating < ActiveRecord::Base
end

class Allowance < ActiveRecord::Base
end
