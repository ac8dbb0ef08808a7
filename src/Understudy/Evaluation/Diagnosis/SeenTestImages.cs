using static System.FormattableString;

namespace Understudy.Evaluation.Diagnosis;

/// <summary>Were the images that a number is from kept away from training and from choosing? By ids.</summary>
public static class SeenTestImages
{
    public const string Training = "trained-on-test", Choice = "chosen-on-test", Validation = "chosen-on-training";

    /// <param name="training">Name of what was trained on, for the message.</param>
    /// <param name="trained">Ids it was trained on.</param>
    /// <param name="tested">Ids of the test.</param>
    public static Finding InTraining(string training, IReadOnlyCollection<string> trained, string test,
        IReadOnlyCollection<string> tested) =>
        Check(Training, trained, tested, Severity.Fault,
            (shared, share) =>
                Invariant($"{shared} of the {tested.Count} images of {test} ({share:0.0 %}) are among the training images of {training}: their number is one of memory."),
            $"None of the {tested.Count} images of {test} is among the training images of {training}.",
            "Train again without them, or test on images that had no part in training.");

    /// <param name="chooser">Name of what was chosen, for the message.</param>
    /// <param name="chosen">Ids of the images that the best epoch was chosen on.</param>
    public static Finding InChoice(string chooser, IReadOnlyCollection<string> chosen, string test,
        IReadOnlyCollection<string> tested) =>
        Check(Choice, chosen, tested, Severity.Fault,
            (shared, share) =>
                Invariant($"The best epoch of {chooser} was chosen on {shared} of the {tested.Count} images of {test} ({share:0.0 %}): the best of several tries is no test."),
            $"The best epoch of {chooser} was chosen on none of the {tested.Count} images of {test}.",
            "Choose on validation images (a share for validation in the split), and touch the test images once.");

    /// <summary>Choosing on training images prefers the epoch that remembers most; the test itself stays sound.</summary>
    public static Finding ChosenInTraining(string chooser, IReadOnlyCollection<string> chosen,
        IReadOnlyCollection<string> trained) =>
        Check(Validation, trained, chosen, Severity.Warning,
            (shared, share) =>
                Invariant($"{shared} of the {chosen.Count} images that chose the best epoch of {chooser} ({share:0.0 %}) are among its training images: the choice favours memory."),
            $"The {chosen.Count} images that chose the best epoch of {chooser} are none of its training images.",
            "Choose on images with the role validation, which are not trained on.");

    private static Finding Check(string detector, IReadOnlyCollection<string> seen, IReadOnlyCollection<string> examined,
        Severity severity,
        Func<int, double, string> bad, string good, string cure)
    {
        var known = seen as IReadOnlySet<string> ?? seen.ToHashSet(StringComparer.Ordinal);
        var shared = examined.Distinct(StringComparer.Ordinal).Count(known.Contains);
        Evidence[] evidence = [new("images", examined.Count), new("seen", seen.Count), new("shared", shared)];
        return shared == 0 ? new(detector, Severity.Fine, good, evidence, "")
            : new(detector, severity, bad(shared, shared / (double)examined.Count), evidence, cure);
    }
}
