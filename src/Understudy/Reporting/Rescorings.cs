using Understudy.Data;
using Understudy.Evaluation;

namespace Understudy.Reporting;

/// <summary>The scorings that reports and the command line know by name.</summary>
public static class Rescorings
{
    /// <param name="copies">Image id → where its copy is.</param>
    /// <param name="where">"in a role other than test".</param>
    /// <param name="threshold">The correlation from which two images are copies.</param>
    public static Rescoring WithoutCopies(IReadOnlyDictionary<string, string> copies, string where, double threshold) =>
        new("without copies",
        $"Left out: test images with a copy {where}: equal pixels, or a correlation of {Numbers.Share(threshold)} or more "
        + $"at {Duplicates.ComparedSide}×{Duplicates.ComparedSide} pixels, also mirrored.",
        copies);

    /// <param name="labels">Image id → class name.</param>
    /// <param name="leftOut">Image id → why the votes give it none of the classes.</param>
    /// <param name="majority">Whether a label takes more than half of the votes, or only more than any other answer.</param>
    public static Rescoring ByVotes(IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> leftOut,
        bool majority) => new("by FER+ labels",
        "The label is the answer that "
        + $"{(majority ? "more than half of ten people gave" : "more of ten people gave than any other")} (FER+). "
        + "Left out: images without such an answer, and those whose answer is none of the classes.",
        leftOut, labels);
}
