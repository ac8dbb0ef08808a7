using Understudy.Evaluation;
using Understudy.Evaluation.Statistics;
using Understudy.Reporting;

namespace Understudy.Tests.Reporting;

public sealed class ReportWriterTests : IDisposable
{
    private static readonly BootstrapOptions Few = new(Replicates: 200);
    private readonly string _folder = Directory.CreateTempSubdirectory("understudy-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_Markdown_IsThisText()
    {
        var study = FabricatedStudy.Make(["a|b", "<b>", "c"], images: 60) with { Warnings = ["Class “<b>” was small."] };
        ReportWriter.Write(_folder, study, Few);
        Assert.Equal("""
            # toy

            Can synthetic faces stand in for real ones?

            **The stand-in teaches most of what the real images do.** Trained on synthetic images alone, the classifier gets .794 ± .010 of the real test images right; trained on real images, .972 ± .025; with labels that say nothing (the control), .328 ± .069.
            Counted from the control upwards, that is 72 % of what real images teach.
            The difference in accuracy is −.178 (95 % interval [−.228, −.128], both arms scored on the same resampled test images).

            | trained on | seeds | accuracy | interval | NLL | macro F1 | AUROC | precision | recall |
            |---|---:|---:|---:|---:|---:|---:|---:|---:|
            | real | 3 | .972 ± .025 | [.950, .989] | .182 ± .019 | .972 ± .026 | .995 ± .005 | .973 ± .025 | .972 ± .025 |
            | synthetic | 3 | .794 ± .010 | [.739, .844] | .492 ± .036 | .794 ± .010 | .942 ± .015 | .797 ± .012 | .794 ± .010 |
            | real + synthetic (real-assisted) | 3 | .944 ± .010 | [.905, .972] | .226 ± .006 | .945 ± .010 | .993 ± .001 | .945 ± .010 | .944 ± .010 |
            | shuffled labels | 3 | .328 ± .069 | [.250, .400] | 1.513 ± .124 | .328 ± .070 | .505 ± .073 | .329 ± .071 | .328 ± .069 |
            | majority class | – | .333 |  |  |  |  |  |  |
            | synthetic 64×64, CNN (printed elsewhere: weighted averages, 7,178 images) | – | .290 |  |  | .300 | .680 | .400 | .290 |

            Measured on 60 real images (the test part of the split). ± is the standard deviation over seeds; the interval is 95 %, from 200 resamples of the test images. NLL is the mean −ln of the probability of the true class: lower is better. F1, AUROC, precision and recall are macro averages; those printed elsewhere are averaged as their rows say.

            ## Weighted averages

            | trained on | accuracy | weighted F1 | AUROC | precision | recall |
            |---|---:|---:|---:|---:|---:|
            | real | .972 ± .025 | .972 ± .026 | .995 ± .005 | .973 ± .025 | .972 ± .025 |
            | synthetic | .794 ± .010 | .794 ± .010 | .942 ± .015 | .797 ± .012 | .794 ± .010 |
            | real + synthetic | .944 ± .010 | .945 ± .010 | .993 ± .001 | .945 ± .010 | .944 ± .010 |
            | shuffled labels | .328 ± .069 | .328 ± .070 | .505 ± .073 | .329 ± .071 | .328 ± .069 |
            | synthetic 64×64, CNN | .290 | .300 | .680 | .400 | .290 |

            ## Worth knowing

            - Class “&lt;b>” was small.

            ## Not run

            - synthetic ×2: left out by --minutes 8

            """, Read(ReportWriter.SummaryMarkdownName));
    }

    [Fact]
    public void Write_MarkdownOfOtherScorings_HasATableForEachWithWhatWasLeftOut()
    {
        ReportWriter.Write(_folder, FabricatedStudy.Rescored(FabricatedStudy.Make(["x", "y"], images: 40)), Few);
        var text = Read(ReportWriter.SummaryMarkdownName);
        Assert.Contains(
            "## Scored without copies\n\nLeft out: test images with a copy in a role other than test: equal pixels, or a "
            + "correlation of .950 or more at "
            + "16×16 pixels, also mirrored. 36 images count; left out: near copy in generator (4).\n\n| trained on | seeds |",
                text, StringComparison.Ordinal);
        Assert.Contains(
            "## Scored by FER+ labels\n\nThe label is the answer that more than half of ten people gave (FER+). Left out: images "
            + "without such an answer, and "
            + "those whose answer is none of the classes. 35 images count; left out: no answer has more than half of the votes "
            + "(5); 9 have another label than their own.\n",
            text, StringComparison.Ordinal);
        Assert.Contains("## Scored by FER+ labels, without copies\n", text, StringComparison.Ordinal);
        Assert.Contains("Scored without copies (36 images): real ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OtherTimesAndMachine_ChangesNoByteOfTheSummaries()
    {
        var study = FabricatedStudy.Make(images: 28);
        ReportWriter.Write(_folder, study, Few);
        var before = (Read(ReportWriter.SummaryJsonName), Read(ReportWriter.SummaryMarkdownName));
        ReportWriter.Write(_folder, study with { Times = [new("toy", 99)], Environment = [new("Machine", "processors", "64")] },
            Few);
        Assert.Equal(before, (Read(ReportWriter.SummaryJsonName), Read(ReportWriter.SummaryMarkdownName)));
        Assert.Equal("""
            {
              "format_version": 1,
              "study": "toy",
              "stages": [
                {
                  "stage": "toy",
                  "seconds": 99
                }
              ],
              "total_seconds": 99,
              "environment": [
                {
                  "group": "Machine",
                  "key": "processors",
                  "value": "64"
                }
              ]
            }

            """, Read(ReportWriter.TimesName));
        Assert.Equal(
            [ReportWriter.HtmlName, ReportWriter.SummaryJsonName, ReportWriter.SummaryMarkdownName, ReportWriter.TimesName],
                Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_RowsOfPredictionsInAnotherOrder_ChangesNoByteOfTheSummary()
    {
        var study = FabricatedStudy.Make(images: 28);
        ReportWriter.Write(_folder, study, Few);
        var before = Read(ReportWriter.SummaryJsonName);
        ReportWriter.Write(_folder,
            study with
            {
                Arms = [
                .. study.Arms.Select(a =>
                    a with { Runs = [.. a.Runs.Select(r => r with { Predictions = Turned(r.Predictions) })] })]
            }, Few);
        Assert.Equal(before, Read(ReportWriter.SummaryJsonName));
    }

    [Fact]
    public void Write_AnyStudy_PromisesNothingAboutPrivacy()
    {
        var study = FabricatedStudy.Make(images: 28, seeds: 2);
        foreach (var arms in new[] { study.Arms, [study.Arms[0]], [study.Arms[1], study.Arms[2]],
            [study.Arms[3], study.Arms[1], study.Arms[0]] })
        {
            ReportWriter.Write(_folder, study with { Arms = arms }, Few);
            foreach (var file in Directory.GetFiles(_folder))
            {
                Assert.DoesNotContain("anonymous", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("privacy-safe", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Fact]
    public void Compute_StudiesThatCannotBeReported_AreRefusedByName()
    {
        var study = FabricatedStudy.Make(images: 28);
        var arm = study.Arms[0];
        var other = FabricatedStudy.Draw(FabricatedStudy.Faces, 29, 1, 1, "other");
        Refuse("has no arm", study with { Arms = [] });
        Refuse("arm 'real' of study 'toy' has no finished run", study with { Arms = [arm with { Runs = [] }] });
        Refuse("two arms the same name", study with { Arms = [arm, arm] });
        Refuse("two runs with the same seed", study with { Arms = [arm with { Runs = [arm.Runs[0], arm.Runs[0]] }] });
        Refuse("two generators the same name", study with { Generators = [study.Generators[0], study.Generators[0]] });
        Refuse("arms/real/seed-1/predictions.csv: its classes [angry,",
            study with { Classes = [.. FabricatedStudy.Faces.Reverse()], Data = study.Data });
        Refuse("28 and 29 images",
            study with { Arms = [arm with { Runs = [arm.Runs[0], arm.Runs[1] with { Predictions = other }] }] });
        Refuse("29 and 28 images",
            study with { Arms = [arm, study.Arms[1] with { Runs = [arm.Runs[0] with { Predictions = other }] }] });
        Refuse("role 'test' of study 'toy' counts 2 classes of 7",
            study with { Data = study.Data with { Roles = [new("test", [1, 2])] } });

        static void Refuse(string says, StudyResult broken) =>
            Assert.Contains(says, Assert.Throws<InvalidDataException>(() => ReportModel.Compute(broken, Few)).Message,
                StringComparison.Ordinal);
    }

    private static Predictions Turned(Predictions p)
    {
        int[] back = [.. Enumerable.Range(0, p.Count).Reverse()];
        var table = new float[p.Count, p.Classes.Count];
        for (int i = 0; i < p.Count; i++)
        {
            for (int k = 0; k < p.Classes.Count; k++) table[i, k] = p.Probabilities[back[i], k];
        }
        return new(p.Classes, [.. back.Select(i => p.Ids[i])], [.. back.Select(i => p.Labels[i])], table);
    }

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder, name));
}
