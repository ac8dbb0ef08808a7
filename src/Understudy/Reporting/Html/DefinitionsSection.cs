using Understudy.Evaluation.Fidelity;
using Understudy.Evaluation.Utility;

namespace Understudy.Reporting.Html;

/// <summary>How each number is defined, and what the numbers cannot say.</summary>
internal static class DefinitionsSection
{
    public static Markup Of(ReportModel model) => Markup.Of($"""
        <section><h2>How each number is defined</h2>
        <dl class="words">{Definitions(model).Select(d => Markup.Of($"<dt>{d.Term}</dt><dd>{d.Meaning}</dd>"))}</dl></section>
        <section><h2>What this report cannot say</h2><ul>{Limits(model).Select(l => Markup.Of($"<li>{l}</li>"))}</ul></section>
        """);

    private static IEnumerable<(string Term, string Meaning)> Definitions(ReportModel model)
    {
        yield return ("Accuracy", "The share of test images whose most probable class is the true one.");
        yield return ("Precision, recall, F1",
            "Of a class: how many of the images taken for it are of it; how many of its images are taken "
            + "for it; their harmonic mean. Macro: the plain mean over all classes. 0/0 counts as 0 and is named above. "
            + "Weighted: by test "
            + "images of the class.");
        yield return ("AUROC",
            "The chance that an image of a class gets a higher probability for it than an image of another class (ties "
            + "count half), one class against the rest, averaged over the classes the test set has. .5 is knowing nothing.");
        yield return ("NLL, ECE",
            $"Mean −ln of the probability given to the true class (not below {Numbers.Exact(Calibration.Floor)}); the "
            + Numbers.Inv($"gap between confidence and accuracy over {Calibration.Bins} bins of equal width. Lower is better."));
        if (model.Study.Generators.Any(g => g.Quality.Count > 0))
        {
            yield return ("Fréchet distance, coverage, spread",
                "Of a generator while it trains: distance of its images' distribution from the real "
                + "training images'; share of these with a generated one near; standard deviation over theirs. In principal "
                + "components of pixels, shrunk "
                + $"to at most {FidelityYardstick.MostSide}×{FidelityYardstick.MostSide}; means over the classes. To be compared "
                + "along one curve only.");
        }
        if (model.Study.Generators.Any(g =>
            g.Quality.Any(q => q.Name.StartsWith(GeneratorResult.JudgeName, StringComparison.Ordinal))))
        {
            yield return ("The judge's",
                "Fréchet distance and coverage as above, in principal components of what the last layer of the judge sees, a "
                + "classifier "
                + "trained on real images that the generator did not learn from; and agreement, the share of generated images "
                + "that it takes for the class "
                + "they were asked for. The snapshot of its least Fréchet distance counts as the best.");
        }
        yield return ("±", "Sample standard deviation (n − 1) over seeds: what training again would change.");
        yield return ("[low, high]", $"{Numbers.Level(model.Bootstrap.Level)} percentile bootstrap of the mean over seeds, "
            + $"{Numbers.Count(model.Bootstrap.Replicates)} resamples of the test images"
            + (model.Study.TestClusters is null ? "" : " in clusters of duplicates or persons")
            + Numbers.Inv($" (seed {model.Bootstrap.Seed}): what another test set would change. ")
            + $"All {(model.Test.ComparesClassifiers ? "classifiers" : "arms")} meet the same resamples, so differences are paired.");
        if (model.Test.ComparesClassifiers)
        {
            foreach (var d in OfClassifiers(model)) yield return d;
            yield break;
        }
        yield return ("p",
            "Exact McNemar test on the images that only one of two classifiers got right, per seed, corrected by Holm over "
            + "all tests of this report.");
        yield return ("The verdict",
            $"By fixed rules: from {Numbers.Percent(Verdict.NearlyAll)} of what real images teach “nearly all”, "
            + $"from {Numbers.Percent(Verdict.Most)} “most”, from {Numbers.Percent(Verdict.Part)} “part”, below “little”; nothing, "
            + "when the interval reaches down to the control (or, without one, to the most frequent class); no difference, when the "
            + "interval of the difference holds 0. It speaks of the first synthetic arm of the study file.");
    }

    private static IEnumerable<(string Term, string Meaning)> OfClassifiers(ReportModel model)
    {
        var seeds = ArmComparison.SeedSd(model.Arms);
        yield return ("The interval of a difference",
            "From the first classifier; all of them hold at once (single-step max-t bootstrap: every difference "
            + "plus and minus the same number of its standard errors, as many as cover all rows in "
            + $"{Numbers.Level(model.Bootstrap.Level)} of the resamples). "
            + (seeds is { } sd
                ? "Every resample also trains again: it draws each classifier's mean anew with the SD over seeds that all "
                    + $"classifiers have in common, {Numbers.Share(sd)}, over √seeds."
                : "Training again is not in it: no classifier has two seeds."));
        yield return ("The verdict",
            "By fixed rules: a classifier did measurably better than the first when the interval of its difference lies above 0; "
            + "of these, the one with the highest mean accuracy is named.");
    }

    private static IEnumerable<string> Limits(ReportModel model)
    {
        if (model.Test.ComparesClassifiers)
        {
            yield return "It holds for this data, these training images and these settings: with other ones the order can be another.";
            yield return "The best of many was chosen by the numbers it is praised with, and is partly lucky. What it is worth "
                + "on other images only other images "
                + "can tell; a test part that is to be reported at the end must not be the one chosen on.";
            yield return "Rows are compared with the first. Whether two others differ is not tested here; their numbers and ± "
                + "are in the table.";
        }
        else
        {
            yield return "It says what the synthetic images are good for, not what they give away about the people in the real "
                + "ones: that needs "
                + "tests for copies and for membership, which are not part of this report.";
            yield return "It holds for this data, this classifier and these settings. Another classifier can rank the arms "
                + "differently.";
            yield return "± and the interval answer different questions and do not add up: one repeats the training, the other "
                + "the test. Neither "
                + "repeats the training of the generator or the choice of the training images.";
        }
        if (model.Arms.Any(a => a.PerSeed.Count is > 1 and < 5))
            yield return "A standard deviation of so few seeds is itself known only within a factor of about two.";
        if (model.Study.References.Count > 0)
        {
            yield return "Numbers printed elsewhere were made with other training, other averaging or other test images, as "
                + "noted in their "
                + "rows; they stand there for orientation.";
        }
        if (model.Arms.Any(a => a.Arm.RealAssisted))
            yield return "A real-assisted arm used a judge trained on real images: more than the synthetic images crossed the line.";
    }
}
