namespace Understudy.Evaluation.Diagnosis;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Looked at, nothing wrong.</summary>
    Fine,

    /// <summary>Too little data to say; the message says how much would do.</summary>
    Inconclusive,

    /// <summary>Unusual: look before using the numbers.</summary>
    Warning,

    /// <summary>The numbers computed from this are worthless until it is cured.</summary>
    Fault,
}

/// <summary>A number a finding rests on.</summary>
public readonly record struct Evidence(string Name, double Value);

/// <summary>What a detector saw.</summary>
/// <param name="Detector">A short fixed name: "label-independence".</param>
/// <param name="Message">The finding in plain words, one or two sentences.</param>
/// <param name="Evidence">The numbers behind it, in a fixed order.</param>
/// <param name="Cure">What to do about it; empty when nothing is wrong.</param>
public sealed record Finding(string Detector, Severity Severity, string Message, IReadOnlyList<Evidence> Evidence, string Cure)
{
    /// <summary>Whether someone should be told: a warning or a fault.</summary>
    public bool IsAlarm => Severity >= Severity.Warning;

    /// <exception cref="KeyNotFoundException">No evidence of this name.</exception>
    public double this[string evidence] => Evidence.FirstOrDefault(e => e.Name == evidence) is { Name: not null } found
        ? found.Value : throw new KeyNotFoundException($"{Detector} has no evidence '{evidence}'");
}
