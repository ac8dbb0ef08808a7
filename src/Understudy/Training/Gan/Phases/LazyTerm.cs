namespace Understudy.Training.Phases;

/// <summary>What a lazily applied term came to, at a step where it was due.</summary>
/// <param name="Name">In words, for a message.</param>
/// <param name="Loss">Without its interval.</param>
/// <param name="Norm">The gradient's, before what is no number was replaced.</param>
internal readonly record struct LazyTerm(string Name, double Loss, double Norm);
