-- The second version: what was measured on the validation points, where there are any.
ALTER TABLE history ADD COLUMN validation_loss REAL;
ALTER TABLE history ADD COLUMN validation_score REAL;
