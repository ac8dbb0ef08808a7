using Understudy.Evaluation.Diagnosis;

namespace Understudy.Studies.Doctor;

/// <param name="About">The artefact, or artefacts, that it concerns.</param>
internal sealed record Complaint(string About, Finding Finding);
