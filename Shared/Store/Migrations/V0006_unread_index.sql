-- The heads of ordered lanes are found through the primary key, past the keys that are blocked: nothing reads this one.
DROP INDEX martlet.deliveries_ordered;
