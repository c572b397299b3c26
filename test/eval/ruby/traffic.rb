# Drives an application's own methods from several threads, each with a connection of its own. As traffic.py.
require 'active_record'
require 'active_support/core_ext/string/output_safety'
require 'uri'

module Traffic
  THREADS = Integer(ENV.fetch('EVAL_THREADS', '5'))
  ROUNDS = Integer(ENV.fetch('EVAL_ROUNDS', '12'))

  # postgres://user:password@host:port/name, or mysql://… for MySQL and MariaDB. EVAL_PREPARED: true or false.
  def self.connect(application)
    url = URI(ENV.fetch('EVAL_DATABASE_URL'))
    postgres = url.scheme.start_with?('postgres')
    own = postgres ? { adapter: 'postgresql', variables: {} } : { adapter: 'mysql2', encoding: 'utf8mb4' }
    prepared = ENV['EVAL_PREPARED'].to_s.empty? ? {} : { prepared_statements: ENV['EVAL_PREPARED'] == 'true' }
    ActiveRecord::Base.establish_connection(
      host: url.host, port: url.port, username: url.user, password: url.password.to_s, database: url.path[1..],
      pool: THREADS + 1, **own, **prepared
    )
    tag_queries(application) if ENV['EVAL_TAGS'] == 'true'
  end

  # Rails 7.1 and later: what `config.active_record.query_log_tags_enabled` does.
  def self.tag_queries(application)
    ActiveRecord.query_transformers << ActiveRecord::QueryLogs
    ActiveRecord::QueryLogs.update_formatter(:sqlcommenter)
    ActiveRecord::QueryLogs.taggings = { application: application, action: -> { Thread.current[:action] } }
    ActiveRecord::QueryLogs.tags = %i[application action]
  end

  # A start line: nobody passes before all have come.
  class Line
    def initialize(size)
      @size = size
      @waiting = 0
      @generation = 0
      @mutex = Mutex.new
      @all = ConditionVariable.new
    end

    def wait
      @mutex.synchronize do
        generation = @generation
        @waiting += 1
        if @waiting == @size
          @waiting = 0
          @generation += 1
          @all.broadcast
        else
          @all.wait(@mutex) while generation == @generation
        end
      end
    end
  end

  # Every action ROUNDS times in each thread; after each round all threads run one of `races` with the same numbers.
  # Exceptions in `expected` are what an unlucky loser of a race gets; others end the run.
  def self.drive(actions, races, expected: [], seed: 7)
    line = Line.new(THREADS)
    Array.new(THREADS) do |number|
      Thread.new do
        Thread.current.abort_on_exception = true
        numbers = Random.new(seed * 1000 + number)
        ActiveRecord::Base.connection_pool.with_connection do
          ROUNDS.times do |turn|
            actions.to_a.shuffle(random: numbers).each do |name, action|
              attempt(name, action, numbers, expected)
              sleep(numbers.rand * 0.004)
            end
            line.wait
            name, action = races.to_a[turn % races.size]
            attempt(name, action, Random.new(seed * 7000 + turn), expected)
          end
        end
      end
    end.each(&:join)
  end

  def self.attempt(name, action, numbers, expected)
    Thread.current[:action] = name
    action.call(numbers)
  rescue *expected
    nil
  end
end
