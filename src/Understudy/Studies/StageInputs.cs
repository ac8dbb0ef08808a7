namespace Understudy.Studies;

/// <summary>
/// The names by which stages know what they read; a report has several of some, each with a word more ("classifier
/// real/screening/0").
/// </summary>
internal static class StageInputs
{
    public const string
        Data = "data", Split = "split", Selection = "selection", Generator = "generator", Judge = "judge",
        Classifier = "classifier", Predictions = "predictions";

    /// <summary>A synthetic set, by the study's name for it: "set s24".</summary>
    public const string Set = "set";

    /// <summary>The file of weights that a classifier goes on from.</summary>
    public const string Weights = "weights";

    /// <summary>The networks that a generator goes on from.</summary>
    public const string Start = "start";

    /// <summary>Which test images have copies in another role.</summary>
    public const string Copies = "copies";

    /// <summary>The labels that voters gave.</summary>
    public const string Votes = "ferplus";
}
