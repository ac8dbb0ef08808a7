using Understudy.Evaluation.Utility;
using static System.FormattableString;

namespace Understudy.Evaluation.Diagnosis;

/// <summary>
/// Does a control that was taught shuffled labels know nothing, as it must? If not, true labels reach it on another way.
/// </summary>
public static class ShuffledControl
{
    public const string Detector = "shuffled-control";

    /// <summary>
    /// Skill (accuracy over chance, from 0 to 1) that no control reaches by luck. A net taught noise still tells bright images
    /// from dark ones, and may be right about some of them: a little skill is no leak.
    /// </summary>
    public const double MostSkill = .1;

    public static Finding Check(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (predictions.Count == 0) return new(Detector, Severity.Inconclusive, "No image was tested.", [], "");
        var confusion = ConfusionMatrix.From(predictions);
        double n = confusion.Total, accuracy = confusion.Correct / n;
        var chance = Enumerable.Range(0, confusion.Classes).Sum(k => confusion.Support(k) / n * (confusion.Predicted(k) / n));
        var spread = 2.326 * Math.Sqrt(Math.Max(accuracy * (1 - accuracy), chance * (1 - chance)) / n);
        double range = Math.Max(1 - chance, 1e-9), skill = (accuracy - chance) / range, lower = skill - spread / range;
        Evidence[] evidence = [new("images", n), new("accuracy", accuracy), new("chance", chance), new("skill", skill),
            new("skill-lower-99", lower)];
        return lower > MostSkill
            ? new(Detector, Severity.Fault,
                Invariant($"The control that was taught shuffled labels is right on {accuracy:0.000}, where chance gives {chance:0.000}: it learned true labels."),
                evidence, "Look at how labels reach training: the shuffled ones were not used, or not for all images.")
            : new(Detector, Severity.Fine,
                Invariant($"The control that was taught shuffled labels knows nothing to speak of (accuracy {accuracy:0.000}, chance {chance:0.000})."), evidence, "");
    }
}
