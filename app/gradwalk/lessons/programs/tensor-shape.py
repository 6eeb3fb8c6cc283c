import torch

# two students (rows), three exams (columns)
marks = torch.tensor([[4.0, 8.0, 6.0], [10.0, 7.0, 1.0]])
print(marks.shape)
print(marks.shape[0], 'students,', marks.shape[1], 'exams')

# a dimension that is averaged is gone
per_exam = marks.mean(dim=0)
per_student = marks.mean(dim=1)

# one extra point for each exam, for every student
extra = torch.tensor([1.0, 0.0, 2.0])
raised = marks + extra

print(per_exam.shape, per_student.shape, raised.shape)
